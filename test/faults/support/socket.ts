/** A WebSocket client that keeps the newest record of each id, as every window does. */
import { WebSocket } from 'ws';
import type {
  AlertRecord,
  JobRecord,
  LogRecord,
  PhaseRecord,
} from '../../../service/protocol/record.ts';
import type { RecordsFrame, ServiceFrame } from '../../../service/protocol/frame.ts';
import type { TestService } from './service.ts';

type Waiting = (frame: ServiceFrame) => void;

export class TestClient {
  readonly jobs = new Map<string, JobRecord>();
  readonly alerts = new Map<string, AlertRecord>();
  readonly phases = new Map<string, PhaseRecord>();
  readonly logs = new Map<string, LogRecord>();
  seq: number | null = null;
  epoch: string | undefined;
  frames = 0;
  resets = 0;
  bytes = 0;
  closeCode: number | undefined;
  socket: WebSocket | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #ref = 0;

  /** Connects, going on from what it knows. Resolves at the welcome. */
  async connect(service: TestService, topics: readonly string[]): Promise<void> {
    const socket = new WebSocket(service.ready.ws, {
      headers: { authorization: `Bearer ${service.tokens.admin}` },
      perMessageDeflate: false,
    });
    this.socket = socket;
    this.closeCode = undefined;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => {
        const { seq: since, epoch } = this;
        socket.send(JSON.stringify({ type: 'hello', protocol: 1, since, epoch, topics }));
      });
      socket.on('message', (data: Buffer) => {
        this.bytes += data.length;
        this.#take(JSON.parse(data.toString('utf8')) as ServiceFrame, resolve, reject);
      });
      socket.once('close', (code) => {
        this.closeCode = code;
        this.#waiting.clear();
        reject(new Error('The connection ended before the welcome.'));
      });
    });
    // From here on the end of the service is no surprise: 'close' says it.
    socket.on('error', () => undefined);
  }

  /** Sends events; resolves with the service's answer, or null when the connection ended before. */
  events(events: readonly object[]): Promise<ServiceFrame | null> {
    const ref = ++this.#ref;
    return new Promise((resolve) => {
      const { socket } = this;
      if (socket?.readyState !== WebSocket.OPEN) return resolve(null);
      const gone = () => resolve(null);
      socket.once('close', gone);
      this.#waiting.set(ref, (frame) => {
        socket.off('close', gone);
        resolve(frame);
      });
      socket.send(JSON.stringify({ type: 'events', ref, events }), (error) => error && gone());
    });
  }

  close(): void {
    this.socket?.terminate();
  }

  #take(frame: ServiceFrame, welcome: () => void, refused: (error: Error) => void): void {
    switch (frame.type) {
      case 'welcome':
        this.epoch = frame.epoch;
        welcome();
        break;
      case 'refused':
        refused(new Error(frame.message));
        break;
      case 'ack':
      case 'result':
        this.#waiting.get(frame.ref)?.(frame);
        this.#waiting.delete(frame.ref);
        break;
      case 'records':
        this.#apply(frame);
    }
  }

  #apply(frame: RecordsFrame): void {
    this.frames++;
    if (frame.reset) {
      this.resets++;
      for (const held of [this.jobs, this.alerts, this.phases, this.logs]) held.clear();
    }
    for (const removed of frame.removed) {
      if (removed.kind === 'job') this.jobs.delete(removed.job_id);
      else if (removed.kind === 'alert') this.alerts.delete(removed.alert_id);
    }
    for (const job of frame.jobs) this.jobs.set(job.job_id, job);
    for (const alert of frame.alerts) this.alerts.set(alert.alert_id, alert);
    for (const phase of frame.phases) this.phases.set(`${phase.job_id}/${phase.phase_id}`, phase);
    for (const line of frame.logs ?? []) this.logs.set(line.log_id, line);
    this.seq = frame.seq;
  }
}
