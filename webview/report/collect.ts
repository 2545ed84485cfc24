/** A region of the page as HTML, once its data are here. */
import { t } from '@vscode/l10n';
import { ReactiveElement } from 'lit';
import { chosenIn } from './chosen.ts';
import { copied } from './copy.ts';
import { type Drawn, draws } from './drawn.ts';
import { escaped, isolated } from '../../service/protocol/htmlText.ts';
import type { ReportRegion } from './page.ts';
import { tableHtml } from './tables.ts';

const LOOK_MS = 100;
/** Looks in a row that find a region at rest: between two answers it is so for a moment. */
const LOOKS = 3;
/** Characters of a drawing. */
const LARGEST_DRAWING = 3_000_000;

export interface Waiting {
  signal: AbortSignal;
  /** Nothing is waited for any longer, `performance.now()`. */
  deadline: number;
  /** Whether the page waits for an answer. */
  asks: () => boolean;
}

export interface Place {
  /** Holds the region once its code is here. */
  frame: Element;
  title: string;
  index: number;
}

/** Copies a region; `partly` when it did not come to rest. */
export async function regionOf(
  { frame, title, index }: Place,
  { sheet, partly }: { sheet: Element; partly: boolean },
): Promise<ReportRegion> {
  const region = frame.firstElementChild;
  if (region === null) return { title, html: null, partly };
  const instead = new Map<Element, string>();
  for (const element of elementsIn(frame)) {
    if (!draws(element)) continue;
    const prefix = `r${index}d${instead.size}-`;
    const drawn = await element.forReport({ element: sheet, prefix });
    if (drawn !== null) instead.set(element, figure(drawn));
  }
  const html = copied(region, instead);
  return { title, html: html === '' ? null : `${chosenHtml(frame)}${html}`, partly };
}

function chosenHtml(frame: Element): string {
  const said = chosenIn(elementsIn(frame));
  return said.length === 0 ? '' : `<p class="caption">${isolated(said.join(' · '))}</p>`;
}

function figure({ name, svg, table }: Drawn): string {
  const drawing =
    svg.length > LARGEST_DRAWING
      ? `<p class="caption">${escaped(t('{0} is too large a drawing for a report. Save it by itself as SVG.', name))}</p>`
      : svg;
  return `<figure><div class="ps-wide">${drawing}</div>${tableHtml(name, table)}</figure>`;
}

/** Whether a region came to rest before the deadline; what is aborted does not. */
export async function settled(
  frame: Element,
  { signal, deadline, asks }: Waiting,
): Promise<boolean> {
  await redrawn(frame);
  let rests = 0;
  while (rests < LOOKS) {
    if (signal.aborted || performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    // A live page asks again and again: what rests for longer is no part of that.
    rests = isHere(frame) ? rests + (asks() ? 0.25 : 1) : 0;
  }
  return true;
}

function isHere(frame: Element): boolean {
  return (
    frame.firstElementChild !== null &&
    !elementsIn(frame).some((one) => one.matches('.skeleton, [aria-busy="true"]'))
  );
}

/** Draws anew all that is in it: lists may have become whole, or be so no longer. */
export async function redrawn(frame: Element): Promise<void> {
  for (const element of elementsIn(frame)) {
    if (!(element instanceof ReactiveElement)) continue;
    element.requestUpdate();
    await element.updateComplete;
  }
}

/** All elements below, through the roots of their own. */
function elementsIn(root: Element | ShadowRoot): Element[] {
  return [...root.querySelectorAll('*')].flatMap((element) =>
    element.shadowRoot === null || element.localName.startsWith('vscode-')
      ? [element]
      : [element, ...elementsIn(element.shadowRoot)],
  );
}
