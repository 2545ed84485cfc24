/** The table of findings: those that are so now, and those that ended lately. Bounded; who changes it is told nothing, who reads asks what changed. */
import type { Finding } from '../protocol/finding.ts';

/** So many that are over are kept, the newest. */
const MOST_ENDED = 500;
/** Beyond, a new one is left out and counted. */
const MOST_OPEN = 2000;

export class Findings {
  readonly #open = new Map<string, Finding>();
  readonly #ended = new Map<string, Finding>();
  #changed = new Set<string>();
  /** New ones that found no room. */
  leftOut = 0;

  /** Takes a finding that is so now: a new one, or the newest state of one that is there. */
  set(finding: Finding): void {
    const { finding_id } = finding;
    if (!this.#open.has(finding_id) && this.#open.size >= MOST_OPEN) {
      this.leftOut++;
      return;
    }
    this.#ended.delete(finding_id);
    this.#open.set(finding_id, { ...finding, until: null, ended_why: null });
    this.#changed.add(finding_id);
  }

  /** It is over at `until` (RFC 3339); nothing happens where it is not open. */
  end(finding_id: string, until: string, why: string): void {
    const finding = this.#open.get(finding_id);
    if (finding === undefined) return;
    this.#open.delete(finding_id);
    this.#ended.set(finding_id, { ...finding, until, ended_why: why });
    this.#changed.add(finding_id);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }

  get(finding_id: string): Finding | undefined {
    return this.#open.get(finding_id) ?? this.#ended.get(finding_id);
  }

  isOpen(finding_id: string): boolean {
    return this.#open.has(finding_id);
  }

  /** Those that are so now, in the order in which they were found. */
  open(): Finding[] {
    return [...this.#open.values()];
  }

  /** Those that ended, the newest first. */
  ended(): Finding[] {
    return [...this.#ended.values()].reverse();
  }

  /** True where something changed that nobody has taken yet. */
  get hasNews(): boolean {
    return this.#changed.size > 0;
  }

  /** The ids of those that changed since the last call. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }
}
