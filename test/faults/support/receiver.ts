/** A real HTTP receiver of webhooks: what it was sent, and how it answers. */
import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  /** The `webhook-id` header: the same on every try. */
  id: string;
  path: string;
  body: string;
  /** `performance.now()` of its arrival. */
  at: number;
}

export class Receiver {
  readonly deliveries: Delivery[] = [];
  answer: (response: ServerResponse, delivery: Delivery) => void = (response) =>
    response.writeHead(200).end();
  readonly #server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    // A sender that was killed has not said all: nothing was received.
    request.on('error', () => undefined);
    request.on('end', () => {
      const id = String(request.headers['webhook-id']);
      const delivery = { id, path: request.url ?? '', body, at: performance.now() };
      this.deliveries.push(delivery);
      this.answer(response, delivery);
    });
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Deliveries that tell of it. */
  about(text: string): Delivery[] {
    return this.deliveries.filter(({ body }) => body.includes(text));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** In a `describe`: a receiver for each test. */
export function useReceiver(): () => Receiver {
  let receiver: Receiver | undefined;
  beforeEach(async () => {
    receiver = new Receiver();
    await receiver.listen();
  });
  afterEach(() => receiver?.close());
  return () => {
    if (!receiver) throw new Error('The receiver is there in tests only.');
    return receiver;
  };
}

/** A webhook channel to it, as it is created by REST. */
export function webhookTo(url: string, channel_id = 'hook'): object {
  return {
    ...{ channel_id, kind: 'webhook', name: channel_id, enabled: true, min_severity: 'WARNING' },
    ...{ rules: null, send_resolved: false },
    settings: { url, headers: {}, allow_private: true },
  };
}
