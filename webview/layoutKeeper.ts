import { t } from '@vscode/l10n';
import { messageOf } from '../service/protocol/errors.ts';
import { defaultLayout, type KnownRegion, type Layout, layoutJson, readLayout } from './layout.ts';
import type { Session } from './session.ts';

/** The layout of this page: as it was saved for this workspace, or the default. */
export class LayoutKeeper {
  readonly known: readonly KnownRegion[];
  readonly #session: Session;
  readonly #usual: Layout;
  #saved: unknown = null;
  #layout: Layout;

  constructor(session: Session, known: readonly KnownRegion[]) {
    this.known = known;
    this.#session = session;
    this.#usual = defaultLayout(known);
    this.#layout = this.#usual;
  }

  /** What is shown now. A saved one that cannot be read is told once, and stays as it is until another is saved. */
  get current(): Layout {
    const { layout: saved = null } = this.#session.store;
    if (saved === this.#saved) return this.#layout;
    this.#saved = saved;
    this.#layout = this.#read(saved);
    return this.#layout;
  }

  get usual(): Layout {
    return this.#usual;
  }

  /** Items in their default order are not written down: whoever saves a filter only has no order of their own. */
  save(layout: Layout): void {
    const { items, ...rest } = layoutJson(layout);
    const isUsual = JSON.stringify(items) === JSON.stringify(this.#usual.items);
    const isDefault = isUsual && !layout.emptyRegions && layout.filters.length === 0;
    this.#keep(isDefault ? null : isUsual ? rest : { ...rest, items });
  }

  #keep(layout: unknown): void {
    this.#session.request({ type: 'host', action: 'save_layout', layout });
    this.#session.store.setLayout(layout);
  }

  #read(saved: unknown): Layout {
    if (saved === null) return this.#usual;
    try {
      return readLayout(saved, this.known);
    } catch (error) {
      const why = messageOf(error);
      const message = t('The saved layout could not be read; the default is shown. {0}', why);
      queueMicrotask(() => this.#session.store.say({ level: 'error', message }));
      return this.#usual;
    }
  }
}
