/** The WebSocket's frames, both directions, as closed unions. Records go out, never events. */
import type { QueueRecord, TaskRecord, WorkerRecord } from './domain.ts';
import type { ControlAnswer } from './optimization.ts';
import type { Rejection } from './parse.ts';
import type { ErrorCode, FieldError } from './errors.ts';
import type {
  AlertRecord,
  ArtifactRecord,
  JobRecord,
  LogRecord,
  PhaseRecord,
  ResourceSample,
  SubPhaseRecord,
} from './record.ts';
import type { SeriesAnswer } from './series.ts';

/**
 * `jobs`, `alerts`, `workers` (with queues and tasks), `events` (the named messages for other programs, message.ts),
 * `job:<id>`, `series:<query>` with the query of GET /api/v1/series, and `control:<job id>` for the pipeline of that job.
 */
export type Topic =
  | 'jobs'
  | 'alerts'
  | 'workers'
  | 'events'
  | `job:${string}`
  | `series:${string}`
  | `control:${string}`;

/** What a client may ask for, told apart by `command`. */
export type Command =
  /** Replaces the client's topics; what the new ones hold follows as records. */
  | { command: 'topics.set'; topics: Topic[] }
  /** `for_ms`: after that it counts as not acknowledged again. */
  | ({ command: 'alert.acknowledge'; alert_id: string } & Acknowledgement)
  /** All active alerts, or those of one job. */
  | ({ command: 'alert.acknowledge_all'; job_id?: string } & Acknowledgement)
  | { command: 'alert.unacknowledge'; alert_id: string; by?: string }
  /** Removes every acknowledged alert from the list. */
  | { command: 'alert.clear_acknowledged'; by?: string }
  | { command: 'alert.resolve'; alert_id: string; by?: string; note?: string }
  /** Removes an ended job with all it holds. */
  | { command: 'job.remove'; job_id: string; by?: string }
  /** The pipeline is asked to make the proposed change. Answers the OptimizationRecord, as the next two do. */
  | { command: 'optimization.apply'; optimization_id: string; by?: string }
  | { command: 'optimization.dismiss'; optimization_id: string; by?: string; note?: string }
  /** The pipeline is asked to do what it offered. */
  | { command: 'action.invoke'; action: string; params?: Record<string, unknown>; by?: string }
  /** Raises one INFO alert, to see that alerts arrive. */
  | { command: 'alert.test' }
  /** Flush and exit. */
  | { command: 'service.stop' }
  | DefinitionCommand;

export interface Acknowledgement {
  by?: string;
  note?: string;
  for_ms?: number;
}

/**
 * Rules, channels, silences and the outbox; the REST routes do the same. `revision` is the one that was edited: the
 * change is refused when there is a newer one. What fails names its fields in `errors` of the result.
 */
export type DefinitionCommand =
  /** `rule`: a whole rule, or a part of one that is there. Answers the RuleRecord. */
  | { command: 'rule.set'; rule: unknown; revision?: number; by?: string }
  /** Removes a rule that somebody made; a built-in one is as it came again. */
  | { command: 'rule.reset'; rule_id: string; by?: string }
  /** Answers a RulePreview of the last `hours` (24). */
  | { command: 'rule.preview'; rule: unknown; hours?: number }
  /** `secrets`: text sets one, null removes it; the service keeps them in its 0600 file. Answers the ChannelRecord. */
  | {
      command: 'channel.set';
      channel: unknown;
      secrets?: Record<string, string | null>;
      revision?: number;
      by?: string;
    }
  | { command: 'channel.reset'; channel_id: string; by?: string }
  /** Secrets for as long as the service runs: from a VS Code window, which keeps them. */
  | { command: 'channel.secrets'; channel_id: string; secrets: Record<string, string | null> }
  /** Sends a test alert at once. Answers a ChannelTest. */
  | { command: 'channel.test'; channel_id: string }
  /** Answers the SilenceRecord. */
  | { command: 'silence.set'; silence: unknown; revision?: number; by?: string }
  | { command: 'silence.end'; silence_id: string; by?: string }
  /** Tries a notification that was given up again. */
  | { command: 'notification.send_again'; notification_id: string; by?: string };
export type CommandName = Command['command'];

export type ClientFrame =
  /** First frame of every client. `token` where no Authorization header can be set. */
  | {
      type: 'hello';
      protocol: number;
      since: number | null;
      epoch?: string;
      topics: Topic[];
      token?: string;
      /** 'window' keeps the service from its idle exit. */
      client?: string;
    }
  | { type: 'events'; ref: number; events: unknown[] }
  | ({ type: 'command'; ref: number } & Command);

/** Names a record that is gone. With a job go all its phases, logs, artifacts and samples. */
export type Removed =
  | { kind: 'job'; job_id: string }
  | { kind: 'alert'; alert_id: string }
  | { kind: 'worker'; worker_id: string }
  | { kind: 'task'; task_id: string };

/** What is new of one `series:<query>` topic: the steps that changed since the last update, of each line that has one. */
export type SeriesUpdate = SeriesAnswer & {
  /** As in the topic, without `series:`. */
  query: string;
  /** True: forget the lines of this query first. Points before `from` have left the range in any case. */
  reset?: boolean;
};

/** A `series:<query>` topic that cannot be answered for now; told once until it can be again. */
export interface SeriesProblem {
  query: string;
  code: ErrorCode;
  message: string;
}

/** The newest state of every record of the client's topics that changed since its last frame. */
export interface RecordsFrame {
  type: 'records';
  seq: number;
  /** True: forget everything of these topics first. */
  reset?: boolean;
  jobs: JobRecord[];
  phases: PhaseRecord[];
  alerts: AlertRecord[];
  removed: Removed[];
  sub_phases?: SubPhaseRecord[];
  logs?: LogRecord[];
  artifacts?: ArtifactRecord[];
  resources?: ResourceSample[];
  /** How many jobs the service holds; more than were sent when the list was cut. */
  jobs_total?: number;
  workers?: WorkerRecord[];
  queues?: QueueRecord[];
  tasks?: TaskRecord[];
  /** With the topic `alerts`: rules, channels, silences or notifications changed; ask for them again. */
  definitions?: boolean;
  /** How many workers and tasks the service holds; more than were sent when a list was cut. */
  workers_total?: number;
  tasks_total?: number;
  series?: SeriesUpdate[];
  series_problems?: SeriesProblem[];
}

export type ServiceFrame =
  | {
      type: 'welcome';
      protocol: number;
      seq: number;
      epoch: string;
      version: string;
      profile: string;
      /** What time it is for the service, epoch milliseconds; an older one does not say it. */
      now?: number;
    }
  | { type: 'refused'; code: ErrorCode; message: string }
  | RecordsFrame
  /** With a topic `control:<job_id>`: what the pipeline of that job is asked, each time that changes. */
  | ({ type: 'control'; job_id: string } & ControlAnswer)
  | {
      type: 'ack';
      ref: number;
      accepted: number;
      duplicates: number;
      rejected: Rejection[];
      seq: number;
    }
  /** The answer to a command, or to an events frame that could not be taken (`code`, `message`). */
  | { type: 'result'; ref: number; ok: true; count?: number; body?: unknown }
  | {
      type: 'result';
      ref: number;
      ok: false;
      code: ErrorCode;
      message: string;
      retry_after?: number;
      /** The fields of the command that are wrong. */
      errors?: FieldError[];
    };

/**
 * What the dashboard asks of the window it lives in, beside frames. In VS Code the extension does it; in a browser the
 * transport does what a page can.
 */
export type HostRequest =
  | { type: 'host'; action: 'open_error'; job_id: string; phase_id?: string }
  | { type: 'host'; action: 'export_job'; job_id: string; format: ExportFormat }
  | { type: 'host'; action: 'run_demo' }
  | { type: 'host'; action: 'start_service' }
  /** The same page in the system's browser; only in VS Code. */
  | { type: 'host'; action: 'open_in_browser'; job_id?: string }
  /** Keeps the person's layout for this workspace (in a browser: for this address). Null: the default again. */
  | { type: 'host'; action: 'save_layout'; layout: unknown }
  /** Writes a file where the person says. `base64` is its content. */
  | { type: 'host'; action: 'save_file'; name: string; base64: string }
  /** Reads a text file that the person picks; it comes as `file_picked`. `ref` pairs the two. */
  | { type: 'host'; action: 'pick_file'; ref: number; title: string; extension: string }
  /**
   * Keeps secrets of a channel where VS Code keeps secrets, and hands them to the service now and after every connect;
   * null removes one. Comes after the channel was saved. A browser has no such store: there they go with `channel.set`.
   */
  | {
      type: 'host';
      action: 'save_secrets';
      channel_id: string;
      secrets: Record<string, string | null>;
    };

/** The parts of the dashboard's Alerts. */
export type AlertsTab = 'active' | 'history' | 'rules' | 'channels' | 'silences' | 'outbox';

export type ExportFormat = 'json' | 'csv' | 'zip' | 'html';

/**
 * A question of the dashboard that the socket does not answer: a GET of the service's REST. The window asks in its name,
 * because a webview reaches no network. `path` begins with `/api/`. Answered by `got`, unless `get_cancel` comes first.
 */
export type PageGet =
  { type: 'get'; ref: number; path: string } | { type: 'get_cancel'; ref: number };

/** What the window tells the dashboard, beside frames. */
export type HostMessage =
  /** The state of the line to the service; `since` is epoch milliseconds of its last change. */
  | {
      type: 'connection';
      state: 'connecting' | 'connected' | 'disconnected';
      since: number;
      message?: string;
    }
  /** Show this job. */
  | { type: 'show_job'; job_id: string; phase_id?: string }
  /** Set these jobs beside each other in Compare, the first being what the others are held against. */
  | { type: 'compare_jobs'; job_ids: string[] }
  /** Show the alerts, or what tells of them; the rule, or the alert, that it is about. */
  | { type: 'show_alerts'; tab?: AlertsTab; rule_id?: string; alert_id?: string }
  /** The person's layout, as it was saved; null where there is none. Comes once, before the first records. */
  | { type: 'layout'; layout: unknown }
  /** The answer to a `get`: the body of a 2xx, or why there is none. */
  | { type: 'got'; ref: number; ok: true; body: unknown }
  | { type: 'got'; ref: number; ok: false; code: ErrorCode; message: string }
  /** The answer to `pick_file`; `text` is null where the person picked none. */
  | { type: 'file_picked'; ref: number; text: string | null }
  /** A sentence to show for a moment. */
  | { type: 'notice'; level: 'info' | 'error'; message: string };
