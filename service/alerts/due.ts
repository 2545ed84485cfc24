/** What has to be looked at again at some time. Looking for what is due costs nothing before the next of them is. */
export class Due {
  readonly #at = new Map<string, number>();
  #next = Infinity;

  get size(): number {
    return this.#at.size;
  }

  /** Epoch milliseconds; the newest time of a key counts. */
  set(key: string, at: number): void {
    this.#at.set(key, at);
    if (at < this.#next) this.#next = at;
  }

  delete(key: string): void {
    this.#at.delete(key);
  }

  /** The keys whose time has come; they are not due any more. */
  take(now: number): string[] {
    if (now < this.#next) return [];
    const due: string[] = [];
    this.#next = Infinity;
    for (const [key, at] of this.#at) {
      if (at <= now) due.push(key);
      else if (at < this.#next) this.#next = at;
    }
    for (const key of due) this.#at.delete(key);
    return due;
  }
}
