/** What strategies look at, and what they say. */
import type { Finding } from '../../protocol/finding.ts';
import type {
  ParameterKind,
  ParameterRecord,
  ParameterValue,
  ProposalEvidence,
} from '../../protocol/optimization.ts';
import type { Explored } from './explored.ts';

/** The machine and the job as they are now; what is not known is null. */
export interface Situation {
  /** Of the machine, all of its cores together, 0-100. */
  cpu_percent: number | null;
  memory_percent: number | null;
  cores: number;
  /** Of the machine: what the job and its children use of its CPU, 0-100. */
  job_cpu_percent: number | null;
  /** Open ones about the job, its phases and workers, or the machine. */
  findings: readonly Finding[];
  caches: ReadonlyMap<string, { hit_rate_percent: number | null; size_mb: number | null }>;
  /** Names of the strategies of one's own whose conditions hold. */
  conditions: ReadonlySet<string>;
}

/** A change that may bring something. */
export interface Idea {
  to: ParameterValue;
  sentence: string;
  /** Of the throughput, 0.5 is half as much again; null where it only frees something. */
  expected_gain: number | null;
  /** 0-1. */
  confidence: number;
  evidence: ProposalEvidence[];
  finding_id?: string;
  /** It needs more of something: without a gain it is taken back. */
  costs: boolean;
  needs_person?: boolean;
}

export interface Question {
  parameter: ParameterRecord;
  situation: Situation;
  /** What is known of the parameter's values in this phase. */
  explored: Explored;
}

/** Looks at one kind of parameter. Silent (null) where nothing speaks for a change. */
export interface Strategy {
  name: string;
  kind: ParameterKind;
  propose(question: Question): Idea | null;
}
