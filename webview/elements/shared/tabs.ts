import { css, html, nothing, type TemplateResult } from 'lit';

export interface Tabs<T extends string> {
  /** What the tabs are, to a screen reader. */
  name: string;
  /** `more` stands behind the title, paler: how many there are. */
  tabs: readonly { id: T; title: string; more?: string }[];
  current: T;
  pick: (id: T) => void;
}

/** The id of the part that the tabs change. */
export const PANEL = 'panel';

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Tabs that take a second line where there is no room; the arrow keys go through them. */
export function tabList<T extends string>({ name, tabs, current, pick }: Tabs<T>): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === current);
    const next = STEPS[event.key]?.(at, tabs.length);
    const tab = next === undefined ? undefined : tabs[next];
    if (tab === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pick(tab.id);
    const list = event.currentTarget as Element;
    list
      .querySelectorAll<HTMLElement>('[role=tab]')
      .item(next ?? 0)
      .focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${name} @keydown=${key}>
    ${tabs.map(
      ({ id, title, more = '' }) =>
        html`<button
          class="plain"
          role="tab"
          id="tab-${id}"
          aria-selected=${id === current ? 'true' : 'false'}
          aria-controls=${PANEL}
          tabindex=${id === current ? 0 : -1}
          @click=${() => pick(id)}
        >
          ${title}${more === '' ? nothing : html`&nbsp;<span class="caption">${more}</span>`}
        </button>`,
    )}
  </div>`;
}

/** The tab that is chosen, in the same shadow root. */
export function chosenTab(root: ParentNode): HTMLElement | null {
  return root.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
}

export const tabStyles = css`
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    margin: 0 0 8px;
    border-bottom: 1px solid var(--ps-line);
  }
  .tabs button {
    padding: 4px 0;
    color: var(--vscode-panelTitle-inactiveForeground, var(--ps-muted));
    border-bottom: 1px solid transparent;
    margin-bottom: -1px;
  }
  @media (forced-colors: active) {
    .tabs button[aria-selected='true'] {
      outline: 2px solid Highlight;
    }
  }
  .tabs button:hover {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  .tabs button[aria-selected='true'] {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
    border-bottom-color: var(--vscode-panelTitle-activeBorder, currentColor);
    /* High contrast themes have one colour for this border and the line below all tabs. */
    box-shadow: inset 0 -2px var(--vscode-contrastActiveBorder, transparent);
  }
`;
