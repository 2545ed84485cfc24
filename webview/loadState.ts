/** An answer of REST, as far as it is here. */
export type Loaded<T> =
  | { kind: 'loading' }
  /** `stale` while a newer answer is on its way; `message` where asking again has failed. */
  | { kind: 'ready'; value: T; stale: boolean; message: string | null }
  | { kind: 'failed'; message: string };
