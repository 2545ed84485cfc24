import { STATUSES, type Status } from '../../service/protocol/states.ts';
import { Emitter } from '../emitter.ts';
import type { Store } from '../store.ts';
import type { Arrangement } from './arrange.ts';

const KEY = 'jobs.arrangement';
const MOST_PINNED = 200;

interface Remembered {
  grouped?: boolean;
  states?: string[];
  text?: string;
  pinned?: string[];
}

export interface Defaults {
  grouped: () => boolean;
  most: () => number;
}

/** How a person arranged the jobs of this workspace. */
export class Preferences {
  private kept: Remembered;
  private readonly changed = new Emitter<undefined>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly store: Store,
    private readonly defaults: Defaults,
  ) {
    this.kept = (store.get(KEY) as Remembered | undefined) ?? {};
  }

  get arrangement(): Arrangement {
    const { grouped, states = [], text = '', pinned = [] } = this.kept;
    return {
      grouped: grouped ?? this.defaults.grouped(),
      states: STATUSES.filter((status) => states.includes(status)),
      text,
      pinned: new Set(pinned),
      most: this.defaults.most(),
    };
  }

  group(grouped: boolean): void {
    this.keep({ grouped });
  }

  filter(filter: { states?: readonly Status[]; text?: string }): void {
    const { states, text } = filter;
    this.keep({
      ...(states ? { states: [...states] } : {}),
      ...(text === undefined ? {} : { text }),
    });
  }

  pin(jobId: string, pinned: boolean): void {
    const others = (this.kept.pinned ?? []).filter((id) => id !== jobId);
    this.keep({ pinned: (pinned ? [...others, jobId] : others).slice(-MOST_PINNED) });
  }

  private keep(change: Remembered): void {
    this.kept = { ...this.kept, ...change };
    void this.store.update(KEY, this.kept);
    this.changed.fire(undefined);
  }
}
