/** The one door to other machines: checks addresses, ends what takes too long, reads no more than it needs. */
import { type Socket, connect } from 'node:net';
import { rootCertificates } from 'node:tls';
import { ChannelError } from '../error.ts';
import { networkError } from './networkErrors.ts';
import { type Answer, type Outgoing, post } from './request.ts';
import { type Resolve, allowedAddresses, pinned, systemResolve } from './resolve.ts';

export interface NetworkOptions {
  /** Instead of the system's. */
  resolve?: Resolve;
  /** A certificate authority in PEM that is trusted besides the known ones. From within this process only. */
  ca?: string;
  /** Milliseconds that a request may take in all. */
  deadlineMs?: number;
  /** Milliseconds that a mail may take: servers make strangers wait. */
  mailDeadlineMs?: number;
}

const DEADLINE_MS = 10_000;
const MAIL_DEADLINE_MS = 25_000;
const CLOSED_MS = 200;

export class Network {
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions = {}) {
    this.#options = options;
  }

  /** For `tls` options; undefined for what Node trusts, NODE_EXTRA_CA_CERTS included. */
  get ca(): string[] | undefined {
    const { ca } = this.#options;
    return ca === undefined ? undefined : [...rootCertificates, ca];
  }

  /** Posts and reads the answer, whatever it is. Rejects with ChannelError. Redirects are answers like others. */
  post(outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
    const { resolve = systemResolve, deadlineMs = DEADLINE_MS } = this.#options;
    const { hostname } = outgoing.url;
    return within({ ms: deadlineMs, signal, host: outgoing.url.host }, async (ends) => {
      const addresses = await allowedAddresses(hostname, outgoing.allowPrivate, resolve);
      if (ends.aborted) throw stopped();
      return post(outgoing, { lookup: pinned(addresses), ca: this.ca, signal: ends });
    });
  }

  /** Runs a conversation over a connection to a checked address. The socket is ended in any case. */
  converse<T>(
    to: { host: string; port: number; allowPrivate: boolean },
    signal: AbortSignal,
    talk: (socket: Socket, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { resolve = systemResolve, mailDeadlineMs = MAIL_DEADLINE_MS } = this.#options;
    return within({ ms: mailDeadlineMs, signal, host: to.host }, async (ends) => {
      const addresses = await allowedAddresses(to.host, to.allowPrivate, resolve);
      if (ends.aborted) throw stopped();
      const [{ address } = { address: '' }] = addresses;
      // A host that is an address is not looked up.
      const host = addresses.length === 1 ? address : to.host;
      const socket = connect({ host, port: to.port, lookup: pinned(addresses) });
      try {
        await connected(socket, to.host, ends);
        return await Promise.race([talk(socket, ends), closedEarly(socket, to.host)]);
      } finally {
        socket.destroy();
      }
    });
  }
}

function stopped(): ChannelError {
  return new ChannelError('The try was ended.');
}

function connected(socket: Socket, host: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => socket.destroy(stopped());
    signal.addEventListener('abort', end, { once: true });
    socket.once('connect', () => {
      signal.removeEventListener('abort', end);
      socket.removeAllListeners('error');
      // Whoever talks listens himself; between two listeners an error must not end the process.
      socket.on('error', () => undefined);
      resolve();
    });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', end);
      reject(networkError(error, host));
    });
  });
}

/** Who closes before the other one listens would not be heard. Whoever talks has a moment to say more of it. */
function closedEarly(socket: Socket, host: string): Promise<never> {
  return new Promise((_, reject) => {
    const reset = Object.assign(new Error(), { code: 'ECONNRESET' });
    const tell = () => setTimeout(() => reject(networkError(reset, host)), CLOSED_MS).unref();
    if (socket.closed) tell();
    else socket.once('close', tell);
  });
}

/** Runs the task; ends it when its time is over or somebody else ends it. Resolving names cannot be ended: it is left. */
async function within<T>(
  { ms, signal, host }: { ms: number; signal: AbortSignal; host: string },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let end: (() => void) | undefined;
  const over = new Promise<never>((_, reject) => {
    const late = new ChannelError(
      `${host} did not answer within ${ms / 1000} s. See whether it runs and can be reached.`,
    );
    timer = setTimeout(() => reject(late), ms);
    end = () => reject(stopped());
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
  try {
    return await Promise.race([task(ends.signal), over]);
  } finally {
    clearTimeout(timer);
    if (end) signal.removeEventListener('abort', end);
    ends.abort();
  }
}
