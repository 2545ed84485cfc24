/** A recorded run as the ETA benchmark replays it. Times are epoch milliseconds. */
export interface Trace {
  /** Which recordings it is of. */
  set: string;
  pipeline: string;
  name: string;
  begin: number;
  end: number;
  /** What was known of its input before it began: bytes. */
  size: number | null;
  /** True where the tool knew all phases before it began. */
  planned: boolean;
  phases: TracePhase[];
  /** When the tool said which share was done. */
  progress: { time: number; share: number }[];
}

export interface TracePhase {
  id: string;
  start: number;
  end: number;
  after: string[];
  size: number | null;
  /** Ends of its tasks in order, where the tool knew before how many there are. */
  tasks: number[];
}
