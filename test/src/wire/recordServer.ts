// The other end of the wire for tests of the extension: a real HTTP and WebSocket server on loopback with a data directory,
// which speaks service/protocol/frame.ts. It holds records that a test gives it and answers commands from them.
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { ErrorCode, FieldError } from '../../../service/protocol/errors.ts';
import type {
  ClientFrame,
  RecordsFrame,
  Removed,
  ServiceFrame,
  Topic,
} from '../../../service/protocol/frame.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../../../service/protocol/domain.ts';
import type {
  AlertRecord,
  JobRecord,
  LogRecord,
  PhaseRecord,
  SubPhaseRecord,
} from '../../../service/protocol/record.ts';

type Hello = Extract<ClientFrame, { type: 'hello' }>;
type CommandFrame = Extract<ClientFrame, { type: 'command' }>;

export interface Records {
  jobs?: JobRecord[];
  phases?: PhaseRecord[];
  sub_phases?: SubPhaseRecord[];
  logs?: LogRecord[];
  alerts?: AlertRecord[];
  workers?: WorkerRecord[];
  queues?: QueueRecord[];
  tasks?: TaskRecord[];
  removed?: Removed[];
}

interface Session {
  socket: WebSocket;
  topics: Set<Topic>;
  hello: Hello;
}

const UNACKNOWLEDGED: Partial<AlertRecord> = {
  acknowledged: false,
  acknowledged_by: null,
  acknowledged_at: null,
  acknowledged_until: null,
};
const ADMIN = 'a'.repeat(43);

export class RecordServer {
  seq = 0;
  epoch = 'epoch-1';
  /** What clients said, oldest first. */
  readonly hellos: Hello[] = [];
  readonly commands: CommandFrame[] = [];
  /** Answers instead of a welcome. */
  refusal: Extract<ServiceFrame, { type: 'refused' }> | undefined;
  /** Commands that are refused, and with which code. */
  readonly refusals = new Map<string, ErrorCode>();
  readonly fieldErrors = new Map<string, FieldError[]>();
  /** What commands answer beside that they were done. */
  readonly bodies = new Map<string, unknown>();
  /** Bodies of GET requests by path and query. */
  readonly files = new Map<string, string>();
  private readonly jobs = new Map<string, JobRecord>();
  private readonly alerts = new Map<string, AlertRecord>();
  private readonly phases = new Map<string, PhaseRecord>();
  private readonly subPhases = new Map<string, SubPhaseRecord>();
  private readonly logs = new Map<string, LogRecord>();
  private readonly workers = new Map<string, WorkerRecord>();
  private readonly queues = new Map<string, QueueRecord>();
  private readonly tasks = new Map<string, TaskRecord>();
  private readonly removed: { seq: number; removed: Removed }[] = [];
  private readonly sessions = new Set<Session>();
  private server: Server | undefined;

  constructor(readonly dataDir: string) {}

  get clients(): number {
    return this.sessions.size;
  }

  get url(): string {
    const { port } = this.server?.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => this.serve(request, response));
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (request.headers.authorization !== `Bearer ${ADMIN}`) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => this.accept(client));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    mkdirSync(this.dataDir, { recursive: true });
    this.write('tokens.json', { ingest: 'i'.repeat(43), admin: ADMIN });
    this.write('service.json', {
      url: this.url,
      ws: `${this.url.replace('http', 'ws')}/ws`,
      pid: process.pid,
      version: '0.1.0',
      protocol: 1,
    });
  }

  /** Ends as a service that is stopped in order: its file goes with it. */
  async stop(): Promise<void> {
    rmSync(join(this.dataDir, 'service.json'), { force: true });
    this.dropClients();
    const { server } = this;
    this.server = undefined;
    if (!server?.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  /** Breaks every line without a goodbye. */
  dropClients(): void {
    for (const { socket } of this.sessions) socket.terminate();
    this.sessions.clear();
  }

  /** Takes in the newest state of records and sends it to whoever wants it. */
  publish(records: Records): void {
    this.seq += 1;
    const { seq } = this;
    for (const job of records.jobs ?? []) this.jobs.set(job.job_id, { ...job, seq });
    for (const alert of records.alerts ?? []) this.alerts.set(alert.alert_id, { ...alert, seq });
    for (const phase of records.phases ?? [])
      this.phases.set(`${phase.job_id}/${phase.phase_id}`, { ...phase, seq });
    for (const sub of records.sub_phases ?? [])
      this.subPhases.set(`${sub.job_id}/${sub.phase_id}/${sub.name}`, { ...sub, seq });
    for (const log of records.logs ?? []) this.logs.set(log.log_id, { ...log, seq });
    for (const worker of records.workers ?? [])
      this.workers.set(worker.worker_id, { ...worker, seq });
    for (const queue of records.queues ?? []) this.queues.set(queue.queue, { ...queue, seq });
    for (const task of records.tasks ?? []) this.tasks.set(task.task_id, { ...task, seq });
    for (const removed of records.removed ?? []) this.remove(removed);
    for (const session of this.sessions) this.send(session, this.since(session.topics, seq - 1));
  }

  /** Sends a frame as it is to every client. */
  sendRaw(text: string): void {
    for (const { socket } of this.sessions) socket.send(text);
  }

  private remove(removed: Removed): void {
    if (removed.kind === 'job') this.jobs.delete(removed.job_id);
    else if (removed.kind === 'alert') this.alerts.delete(removed.alert_id);
    this.removed.push({ seq: this.seq, removed });
  }

  private accept(socket: WebSocket): void {
    socket.once('message', (data) => {
      const hello = JSON.parse(textOf(data)) as Hello;
      this.hellos.push(hello);
      if (this.refusal) {
        socket.send(JSON.stringify(this.refusal));
        socket.close();
        return;
      }
      const session = { socket, topics: new Set(hello.topics), hello };
      this.sessions.add(session);
      socket.on('close', () => this.sessions.delete(session));
      socket.on('message', (more) =>
        this.answer(session, JSON.parse(textOf(more)) as CommandFrame),
      );
      const welcome = { protocol: 1, seq: this.seq, epoch: this.epoch, version: '0.1.0' };
      this.send(session, { type: 'welcome', ...welcome, profile: 'development' });
      const resumes = hello.since !== null && hello.epoch === this.epoch;
      const frame = this.since(session.topics, resumes ? (hello.since ?? 0) : 0);
      this.send(session, resumes ? frame : { ...frame, reset: true });
    });
  }

  private answer(session: Session, frame: CommandFrame): void {
    this.commands.push(frame);
    const code = this.refusals.get(frame.command);
    if (code) {
      const errors = this.fieldErrors.get(frame.command);
      const refused = { type: 'result', ref: frame.ref, ok: false, code, message: code } as const;
      this.send(session, { ...refused, ...(errors && { errors }) });
      return;
    }
    const body = this.bodies.get(frame.command);
    this.send(session, { type: 'result', ref: frame.ref, ok: true, ...(body ? { body } : {}) });
    if (frame.command === 'topics.set') {
      const fresh = frame.topics.filter((topic) => !session.topics.has(topic));
      session.topics = new Set(frame.topics);
      if (fresh.length > 0) this.send(session, this.since(new Set(fresh), 0));
    }
    if (frame.command === 'alert.acknowledge') this.acknowledge(frame);
    if (frame.command === 'alert.unacknowledge') this.change(frame.alert_id, UNACKNOWLEDGED);
    if (frame.command === 'alert.resolve') this.change(frame.alert_id, { active: false });
    if (frame.command === 'job.remove')
      this.publish({ removed: [{ kind: 'job', job_id: frame.job_id }] });
    if (frame.command === 'service.stop') void this.stop();
  }

  private acknowledge(frame: Extract<CommandFrame, { command: 'alert.acknowledge' }>): void {
    const { alert_id, by = 'somebody', note = null, for_ms } = frame;
    const now = Date.now();
    this.change(alert_id, {
      acknowledged: true,
      acknowledged_by: by,
      acknowledged_at: new Date(now).toISOString(),
      acknowledged_until: for_ms === undefined ? null : new Date(now + for_ms).toISOString(),
      note,
    });
  }

  private change(alertId: string, fields: Partial<AlertRecord>): void {
    const alert = this.alerts.get(alertId);
    if (alert) this.publish({ alerts: [{ ...alert, ...fields }] });
  }

  private since(topics: ReadonlySet<Topic>, seq: number): RecordsFrame {
    const newer = <R extends { seq: number }>(records: Map<string, R>): R[] =>
      [...records.values()].filter((record) => record.seq > seq);
    const wanted = (record: { job_id: string }): boolean => topics.has(`job:${record.job_id}`);
    return {
      type: 'records',
      seq: this.seq,
      jobs: topics.has('jobs') ? newer(this.jobs) : [],
      alerts: topics.has('alerts') ? newer(this.alerts) : [],
      phases: newer(this.phases).filter(wanted),
      sub_phases: newer(this.subPhases).filter(wanted),
      logs: newer(this.logs).filter(wanted),
      ...(topics.has('workers') && {
        workers: newer(this.workers),
        queues: newer(this.queues),
        tasks: newer(this.tasks),
      }),
      removed: this.removed.filter((entry) => entry.seq > seq).map((entry) => entry.removed),
      jobs_total: this.jobs.size,
    };
  }

  private send({ socket }: Session, frame: ServiceFrame): void {
    socket.send(JSON.stringify(frame));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const health = { status: 'ok', service: 'pipescope', version: '0.1.0', protocol: 1 };
    const body =
      path === '/healthz' ? JSON.stringify({ ...health, pid: process.pid }) : this.files.get(path);
    const allowed = path === '/healthz' || request.headers.authorization === `Bearer ${ADMIN}`;
    response.statusCode = !allowed ? 401 : body === undefined ? 404 : 200;
    const problem = { code: 'JOB_UNKNOWN', detail: 'There is no job with this id.' };
    response.end(response.statusCode === 200 ? body : JSON.stringify(problem));
  }

  private write(name: string, value: unknown): void {
    writeFileSync(join(this.dataDir, name), JSON.stringify(value), { mode: 0o600 });
  }
}

function textOf(data: RawData): string {
  return (data as Buffer).toString();
}
