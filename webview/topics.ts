import type { ServiceFrame, Topic } from '../service/protocol/frame.ts';

type Result = Extract<ServiceFrame, { type: 'result' }>;

export interface TopicsParts {
  /** What every page follows: jobs, alerts, and the shown job. */
  base: () => readonly Topic[];
  /** Tells the service; its answer. */
  set: (topics: Topic[]) => Promise<Result>;
  /** The service sends nothing more of this topic. */
  left: (topic: Topic) => void;
  /** Some series are not followed: whoever shows them has to ask in another way. */
  refused: () => void;
}

/** What is scrolled out of view and back again is not worth a word to the service. */
const LINGER_MS = 2_000;
/** Topics that changed in one moment are told together. */
const GATHER_MS = 20;
/** A client has no more of them; what is beyond is asked for by GET. */
const MOST_SERIES = 32;
/** As much of a topic the service's refusal names. */
const NAMED = 120;

/** What the page follows beyond the records of every page, by how many look at each; tells the service when that changes. */
export class Topics {
  readonly #parts: TopicsParts;
  readonly #wanted = new Map<Topic, number>();
  /** Series that the service would not follow: with one of them in its topics it takes none. */
  readonly #refused = new Set<Topic>();
  /** Left, while the service may still send something of them. */
  readonly #left = new Set<Topic>();
  /** Topics whose records are here up to the last frame, and those that the next records confirm. */
  #known: readonly Topic[] = [];
  #confirming: readonly Topic[] | undefined;
  /** What the service has been told, as one text. */
  #told = '';
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: TopicsParts) {
    this.#parts = parts;
  }

  /** Gets the records of a topic until the answer is called. Many may want the same one. */
  want(topic: Topic): () => void {
    this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
    this.#gather();
    let mine = true;
    return () => {
      if (!mine) return;
      mine = false;
      setTimeout(() => this.#leave(topic), LINGER_MS);
    };
  }

  /** As `want`; null where the service follows no more series, or not this one. */
  wantSeries(query: string): (() => void) | null {
    const topic: Topic = `series:${query}`;
    const held = [...this.#wanted.keys()].filter(isSeries).length;
    const room = this.#wanted.has(topic) || held < MOST_SERIES;
    return room && !this.#refused.has(topic) ? this.want(topic) : null;
  }

  follows(query: string): boolean {
    return !this.#refused.has(`series:${query}`);
  }

  /**
   * The topics of a hello, and whether it goes on where the last frame ended: it does when the page still shows what it
   * showed then. What else is wanted is told after the welcome.
   */
  hello(): { topics: Topic[]; resumes: boolean } {
    const base = this.#parts.base();
    const resumes = this.#known.length > 0 && base.every((topic) => this.#known.includes(topic));
    const topics = [...(resumes ? this.#known : base)];
    this.#told = keyOf(topics);
    this.#confirming = topics;
    return { topics, resumes };
  }

  /** Records have come: those of the topics last accepted are among them. */
  received(): void {
    this.#known = this.#confirming ?? this.#known;
    this.#confirming = undefined;
  }

  /** Tells the service what is wanted now, if it does not know. */
  tell(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const topics = this.#all();
    const key = keyOf(topics);
    if (key === this.#told) return;
    this.#told = key;
    void this.#parts.set(topics).then((result) => {
      if (result.ok) this.#accepted(topics);
      else if (key === this.#told) this.#notAccepted(topics, result);
    });
  }

  #all(): Topic[] {
    const wanted = [...this.#wanted.keys()].filter((topic) => !this.#refused.has(topic));
    return [...this.#parts.base(), ...wanted];
  }

  #accepted(topics: readonly Topic[]): void {
    this.#confirming = topics;
    const told = new Set(topics);
    this.#known = this.#known.filter((topic) => told.has(topic));
    for (const topic of this.#left) if (!this.#wanted.has(topic)) this.#parts.left(topic);
    this.#left.clear();
  }

  /** One series that cannot be followed must not cost the page all its records: it is left out. */
  #notAccepted(topics: readonly Topic[], { code, message }: Extract<Result, { ok: false }>): void {
    this.#told = '';
    if (code !== 'FRAME_INVALID') return;
    const fresh = topics.filter((topic) => isSeries(topic) && !this.#known.includes(topic));
    if (fresh.length === 0) return;
    const named = fresh.filter((topic) => message.includes(`"${topic.slice(0, NAMED)}"`));
    for (const topic of named.length > 0 ? named : fresh) this.#refused.add(topic);
    this.#gather();
    this.#parts.refused();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => this.tell(), GATHER_MS);
  }

  #leave(topic: Topic): void {
    const count = (this.#wanted.get(topic) ?? 0) - 1;
    if (count > 0) this.#wanted.set(topic, count);
    else {
      this.#wanted.delete(topic);
      this.#left.add(topic);
      // Asked for again later it may be right: a range of a run that had just begun, say.
      this.#refused.delete(topic);
    }
    this.#gather();
  }
}

function isSeries(topic: Topic): boolean {
  return topic.startsWith('series:');
}

function keyOf(topics: readonly Topic[]): string {
  return [...topics].sort().join('\n');
}
