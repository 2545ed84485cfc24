import { ProductError } from '../service/protocol/errors.ts';
import type { HostMessage, HostRequest, PageGet } from '../service/protocol/frame.ts';

type Got = Extract<HostMessage, { type: 'got' }>;
type Picked = Extract<HostMessage, { type: 'file_picked' }>;

interface Line {
  get(question: PageGet): void;
  request(request: HostRequest): void;
}

/** Pairs what the page asks its home with the answers: GETs of the service's REST, and files that the person picks. */
export class Questions {
  readonly #line: Line;
  readonly #asked = new Map<number, (got: Got) => void>();
  readonly #picks = new Map<number, (text: string | null) => void>();
  #ref = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  /** Whether an answer to a GET is waited for. */
  get open(): boolean {
    return this.#asked.size > 0;
  }

  /** Fails with a ProductError, or with the signal's reason when aborted. */
  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(reasonOf(signal));
    const ref = ++this.#ref;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#asked.delete(ref);
        signal?.removeEventListener('abort', cancel);
      };
      const cancel = (): void => {
        end();
        this.#line.get({ type: 'get_cancel', ref });
        if (signal !== undefined) reject(reasonOf(signal));
      };
      signal?.addEventListener('abort', cancel);
      this.#asked.set(ref, (got) => {
        end();
        if (got.ok) resolve(got.body as T);
        else reject(new ProductError(got.code, { detail: got.message }));
      });
      this.#line.get({ type: 'get', ref, path });
    });
  }

  /** The text of a file that the person picks; null when they pick none, or one that cannot be read (they are told). */
  pick(title: string, extension: string): Promise<string | null> {
    const ref = ++this.#ref;
    return new Promise((resolve) => {
      this.#picks.set(ref, resolve);
      this.#line.request({ type: 'host', action: 'pick_file', ref, title, extension });
    });
  }

  got(message: Got): void {
    this.#asked.get(message.ref)?.(message);
  }

  picked({ ref, text }: Picked): void {
    this.#picks.get(ref)?.(text);
    this.#picks.delete(ref);
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
