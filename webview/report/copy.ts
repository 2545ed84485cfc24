/** Copies what stands on the page as HTML of its own: texts, lists, tables and signs; no control, no style, no script. */
import { escaped } from '../../service/protocol/htmlText.ts';
import { STYLE } from './style.ts';
import { restHtml } from './tables.ts';

const KEPT = new Set(
  'h3 h4 p ul ol li dl dt dd table thead tbody tr th td caption pre code strong em b bdi br'.split(
    ' ',
  ),
);
/** Has to be there, whatever is in it. */
const STANDS = new Set(['td', 'th', 'br']);
const BLOCKS =
  /^<(?:div|p|ul|ol|li|dl|table|pre|h\d|figure|details)|<(?:div|p|ul|ol|dl|table|pre|h\d|figure|details)\b/;
const PHRASES = new Set(['p', 'bdi', 'strong', 'em', 'b', 'code', 'span', 'h3', 'h4']);
/** Controls, what is only seen or only said, and what stands for something that comes. */
const LEFT_OUT = [
  'style,script,template,canvas,input,select,textarea,progress,dialog,label,form,h2,colgroup',
  'vscode-button,pipescope-timeline-strip,[hidden]',
  '.actions,.tools,.fields,.does,.tooltip,.skeleton,.awaited,.legend,[role=menu],[role=search]',
  'td.pick,th:has(>.spoken:only-child),[data-screen]',
  '[role=tab]:not([aria-selected=true]),[aria-hidden=true]:not(svg)',
].join();
const STATES = /\b(?:[A-Z]{4,}|OK)\b/;
/** Of icons and small lines: all others are drawn. */
const SHAPES = new Set(['svg', 'path', 'polyline']);
const SHAPE_ATTRIBUTES =
  /^(?:viewBox|width|height|d|points|fill|fill-rule|preserveAspectRatio|vector-effect|role|aria-label)$/;

/** `instead` is the HTML of elements that are drawn. */
export function copied(element: Element, instead: ReadonlyMap<Element, string>): string {
  const drawn = instead.get(element);
  if (drawn !== undefined) return drawn;
  if (element instanceof SVGElement) return shape(element);
  if (element.matches(LEFT_OUT)) return '';
  const name = element.localName;
  const { display, flexDirection, listStyleType } = getComputedStyle(element);
  // Cells are hidden where the page is narrow; the report has room.
  if (display === 'none' && !STANDS.has(name)) return '';
  const arranged = /flex|grid/.test(display);
  const inner = childrenOf(element)
    .map((node) => nodeOf(node, instead))
    .filter((part) => !arranged || part.trim() !== '')
    .join(arranged ? ' ' : '');
  if (inner.trim() === '' && !STANDS.has(name)) return '';
  if (display === 'contents') return inner;
  const bullets = listStyleType !== 'none' || !/^[uo]l$/.test(name);
  const beside = arranged && flexDirection === 'row' && !inner.includes('<figure');
  const look = beside ? layoutOf(element, display) : '';
  return wrapped(element, tagOf(element, display, inner), {
    inner,
    look: bullets ? look : `${look} ps-plain`,
  });
}

function nodeOf(node: Node, instead: ReadonlyMap<Element, string>): string {
  if (node instanceof Element) return copied(node, instead);
  if (!(node instanceof Text)) return '';
  const parent = node.parentElement;
  const verbatim = parent !== null && getComputedStyle(parent).whiteSpace.startsWith('pre');
  return escaped(verbatim ? node.data : node.data.replace(/[\s\u00a0]+/g, ' '));
}

/** As they are shown: of an element's own tree, and what is handed into it. */
export function childrenOf(element: Element): readonly Node[] {
  if (element instanceof HTMLSlotElement) return element.assignedNodes({ flatten: true });
  // Of the toolkit's elements only what they are given.
  const own = element.localName.startsWith('vscode-') ? null : element.shadowRoot;
  return [...(own ?? element).childNodes];
}

function tagOf(element: Element, display: string, inner: string): string {
  const name = element.localName;
  // Which part of a region is shown: only that tab is here.
  if (element.matches('[role=tab]')) return 'h3';
  const tag = KEPT.has(name) ? name : display.startsWith('inline') ? 'span' : 'div';
  return PHRASES.has(tag) && BLOCKS.test(inner) ? 'div' : tag;
}

/** Beside each other, or tiles in columns. */
function layoutOf(element: Element, display: string): string {
  if (display.endsWith('grid'))
    return element.matches(':has(> .tile), .tiles') ? 'ps-grid' : 'ps-row';
  return /^(?:td|th|tr)$/.test(element.localName) ? '' : 'ps-row';
}

function wrapped(
  element: Element,
  tag: string,
  { inner, look }: { inner: string; look: string },
): string {
  const attributes = [
    classOf(element, look),
    ...['colspan', 'scope'].map((name) => kept(element, name)),
  ];
  const title = element.getAttribute('title');
  // What was only to be had by pointing, such as the exact time.
  if (title !== null && tag === 'span' && title !== element.textContent.trim())
    attributes.push(` title="${escaped(title)}"`);
  if (tag === 'br') return '<br>';
  const all = `<${tag}${attributes.join('')}>${inner}</${tag}>`;
  return `${tag === 'table' ? `<div class="ps-wide">${all}</div>` : all}${restOf(element)}`;
}

function classOf(element: Element, look = ''): string {
  const names = [...element.classList].filter((name) => STYLE.includes(`.${name}`));
  if (look !== '') names.push(look.trim());
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}

function kept(element: Element, name: string): string {
  const value = element.getAttribute(name);
  return value === null ? '' : ` ${name}="${escaped(value)}"`;
}

/** Lists say how long they are where not all of it is drawn. */
function restOf(element: Element): string {
  if (element instanceof HTMLTableElement) {
    const all = Number(element.getAttribute('aria-rowcount') ?? 0) - 1;
    return restHtml(all - element.querySelectorAll('tbody > [aria-rowindex]:not(.awaited)').length);
  }
  const items = element.querySelectorAll(':scope > [aria-setsize]');
  const all = Number(items[0]?.getAttribute('aria-setsize') ?? 0);
  return restHtml(all - items.length);
}

/** Drawings in the page's own HTML: their shapes, and signs of a state. Others only repeat a word. */
function shape(element: SVGElement): string {
  const name = element.localName;
  if (!SHAPES.has(name)) return '';
  const isSign =
    element.getAttribute('aria-hidden') === 'true' || element.classList.contains('key');
  if (isSign && !STATES.test(element.getAttribute('class') ?? '')) return '';
  const attributes = [...element.attributes]
    .filter(({ name: one }) => SHAPE_ATTRIBUTES.test(one))
    .map(({ name: one, value }) => ` ${one}="${escaped(value)}"`);
  const inner = [...element.childNodes].map((node) =>
    node instanceof SVGElement
      ? shape(node)
      : node instanceof Text
        ? escaped(node.data.trim())
        : '',
  );
  const hidden = isSign ? ' aria-hidden="true"' : '';
  return `<${name}${classOf(element)}${hidden}${attributes.join('')}>${inner.join('')}</${name}>`;
}
