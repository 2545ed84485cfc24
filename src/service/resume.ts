import type { RecordsFrame, Topic } from '../../service/protocol/frame.ts';

/** Where a line that broke goes on: `topics` are those whose records up to `seq` are surely here. */
export interface Position {
  seq: number;
  epoch: string;
  topics: Topic[];
}

/**
 * Keeps the topics wanted and the position reached. A topic whose records may not have come is left out of the
 * position: after a reconnect it is asked for anew, so no record is missed.
 */
export class Resume {
  private position: Position | undefined;
  private epoch = '';
  private helloTopics: Topic[] = [];
  private confirming: { ref: number; answered: boolean } | undefined;

  constructor(private wanted: Topic[]) {}

  get topics(): readonly Topic[] {
    return this.wanted;
  }

  want(topics: readonly Topic[]): void {
    this.wanted = [...topics];
  }

  /** Starts anew, from a position that somebody else kept, or from nothing. */
  restart(topics: readonly Topic[], from?: { seq: number; epoch: string }): void {
    this.want(topics);
    this.confirming = undefined;
    this.position = from && { ...from, topics: [...topics] };
  }

  hello(): { since: number | null; epoch?: string; topics: Topic[] } {
    this.confirming = undefined;
    this.helloTopics = this.position?.topics ?? this.wanted;
    const topics = this.helloTopics;
    if (!this.position) return { since: null, topics };
    return { since: this.position.seq, epoch: this.position.epoch, topics };
  }

  /** True when the hello asked for other topics than are wanted now, so that they have to be set. */
  welcomed(epoch: string): boolean {
    this.epoch = epoch;
    return !sameTopics(this.helloTopics, this.wanted);
  }

  topicsSent(ref: number): void {
    this.confirming = { ref, answered: false };
    if (!this.position) return;
    const wanted = new Set(this.wanted);
    this.position.topics = this.position.topics.filter((topic) => wanted.has(topic));
  }

  answered(ref: number): void {
    if (this.confirming?.ref === ref) this.confirming.answered = true;
  }

  received(frame: RecordsFrame): void {
    let topics = this.position?.topics ?? this.helloTopics;
    if (this.confirming?.answered) {
      topics = [...this.wanted];
      this.confirming = undefined;
    }
    this.position = { seq: frame.seq, epoch: this.epoch, topics };
  }
}

function sameTopics(a: readonly Topic[], b: readonly Topic[]): boolean {
  const known = new Set(a);
  return a.length === b.length && b.every((topic) => known.has(topic));
}
