/** A notification that did not arrive. The message is a sentence for people: never a secret, never the address of a channel whose address is one. */
export class ChannelError extends Error {
  /** True where another try would end the same way. */
  readonly permanent: boolean;
  /** The other side asked to be left alone for so long. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { permanent?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ChannelError';
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
