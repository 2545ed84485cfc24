/** A plain HTTP server that records the events it is sent: what the pipeline reports, seen from outside. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Recorded {
  id: string;
  type: string;
  time: string;
  [field: string]: unknown;
}
export interface Request {
  authorization: string | undefined;
  contentType: string | undefined;
  events: Recorded[];
}
type Answer = (response: ServerResponse, request: Request) => void;

/** Accepts everything, as the service answers. */
export const accept: Answer = (response, { events }) => {
  response.writeHead(202, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ accepted: events.length, duplicates: 0, rejected: [], seq: 1 }));
};

/** Never answers. */
export const hang: Answer = () => undefined;

export class Recorder {
  readonly requests: Request[] = [];
  #server: Server;
  #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(answer: Answer = accept): Promise<Recorder> {
    const server = createServer();
    const recorder = new Recorder(server);
    server.on('request', (request, response) => {
      // It asks what it is to change as well: of that this service knows nothing.
      if (request.method === 'GET') return void response.writeHead(404).end();
      void text(request).then((body) => {
        const recorded: Request = {
          authorization: request.headers.authorization,
          contentType: request.headers['content-type'],
          events: JSON.parse(body) as Recorded[],
        };
        recorder.requests.push(recorded);
        answer(response, recorded);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every event once, in the order of their first arrival. */
  get events(): Recorded[] {
    const byId = new Map<string, Recorded>();
    for (const event of this.requests.flatMap(({ events }) => events)) {
      if (!byId.has(event.id)) byId.set(event.id, event);
    }
    return [...byId.values()];
  }

  readonly of = (type: string): Recorded[] => this.events.filter((event) => event.type === type);

  /** Ends at once, with all connections, as a killed service does. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((done) => this.#server.close(done));
  }
}
