/** Looks at the runs of a pipeline when one of them has ended, and keeps one finding for each series whose level has changed. */
import { changeFinding, overBecause } from '../analysis/changes/changeFinding.ts';
import {
  type PipelineRuns,
  type SeriesKey,
  pipelineRuns,
  seriesKeys,
  seriesOf,
} from '../analysis/changes/pipelineChanges.ts';
import { type RunSeries, firstTold, isSame, runChanges } from '../analysis/changes/runChanges.ts';
import type { AnalysisPart, PartSources } from './part.ts';
import { deriveJob } from '../core/derive.ts';
import { historyKeys, historyRows } from '../core/history.ts';
import { findJob } from '../core/list.ts';
import type { Touched } from '../core/touched.ts';
import { pipelineOf, timeText } from '../core/view.ts';
import type { RunChange } from '../protocol/changes.ts';
import type { Finding } from '../protocol/finding.ts';
import { isEnded } from '../protocol/states.ts';

type Sources = Pick<PartSources, 'model' | 'findings' | 'clock'>;

/** A tick's share for this: what is left over waits for the next. */
const BUDGET_MS = 20;

/** A pipeline that is being looked at, series by series. */
interface Look {
  pipeline: string;
  runs: PipelineRuns;
  keys: SeriesKey[];
}

/** What is open of a series: the change as it stands now, and what of the finding never changes. */
interface Open {
  change: RunChange;
  told: Pick<Finding, 'finding_id' | 'since' | 'noticed_at'>;
  pipeline: string;
}

export class ChangesPart implements AnalysisPart {
  readonly #sources: Sources;
  /** Pipelines with a run that has ended since they were looked at; each at most once. */
  readonly #waiting = new Set<string>();
  /** By series; as many as there are phases with a history, times the metrics. */
  readonly #open = new Map<string, Open>();
  #look: Look | null = null;
  #begun = false;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  changed({ jobs }: Touched): void {
    for (const job_id of jobs) {
      const job = this.#sources.model.jobs.get(job_id);
      if (job !== undefined && isEnded(deriveJob(job).status)) this.#waiting.add(pipelineOf(job));
    }
  }

  tick(): void {
    // What was so before the start is worked out again from history.
    if (!this.#begun)
      for (const { pipeline } of historyKeys(this.#sources.model.domain))
        this.#waiting.add(pipeline);
    this.#begun = true;
    const { clock } = this.#sources;
    const end = clock.elapsed() + BUDGET_MS;
    do if (!this.#step()) return;
    while (clock.elapsed() < end);
  }

  /** Looks at one series; false where there is none to look at. */
  #step(): boolean {
    this.#look ??= this.#next();
    if (this.#look === null) return false;
    const { runs, keys } = this.#look;
    const key = keys.pop();
    if (key === undefined) this.#look = null;
    else
      this.#judge(
        key,
        seriesOf(key, runs, (id) => findJob(this.#sources.model, id)),
      );
    return true;
  }

  #next(): Look | null {
    const [pipeline] = this.#waiting;
    if (pipeline === undefined) return null;
    this.#waiting.delete(pipeline);
    const rows = historyRows(this.#sources.model.domain, { pipeline });
    const keys = seriesKeys(pipeline, rows);
    this.#endGone(pipeline, new Set(keys.map(textOf)));
    return { pipeline, runs: pipelineRuns(rows), keys: keys.reverse() };
  }

  /** Phases whose history is not kept any more. */
  #endGone(pipeline: string, kept: ReadonlySet<string>): void {
    for (const [text, open] of this.#open)
      if (open.pipeline === pipeline && !kept.has(text))
        this.#end(text, 'Its history is not kept any more.');
  }

  #judge(key: SeriesKey, series: RunSeries): void {
    const text = textOf(key);
    const { changes } = runChanges(series);
    const newest = changes.at(-1);
    const open = this.#open.get(text);
    if (newest === undefined) {
      if (open) this.#end(text, 'The runs that are kept show no change any more.');
      return;
    }
    if (open && isSame(newest, open.change, series))
      return this.#set(text, series, { ...open, change: newest });
    if (open) this.#end(text, overBecause(open.change, newest));
    const told = this.#toldOf(series, changes);
    if (told) this.#set(text, series, { change: newest, told, pipeline: key.pipeline });
  }

  /** Id and times by which a change was told first, so that a restart tells of the same one. */
  #toldOf(series: RunSeries, changes: readonly RunChange[]): Open['told'] | null {
    const first = firstTold(series, changes);
    if (first === null) return null;
    const { change, run } = first;
    const ended = findJob(this.#sources.model, run.job_id)?.ended_at ?? timeText(run.started);
    return { finding_id: change.change_id, since: change.at, noticed_at: ended };
  }

  #set(text: string, series: RunSeries, open: Open): void {
    this.#open.set(text, open);
    this.#sources.findings.set(changeFinding(series, open.change, open.told));
  }

  #end(text: string, why: string): void {
    const open = this.#open.get(text);
    this.#open.delete(text);
    const { findings, clock } = this.#sources;
    if (open) findings.end(open.told.finding_id, timeText(clock.now()), why);
  }
}

function textOf({ pipeline, phase_id, metric }: SeriesKey): string {
  return JSON.stringify([pipeline, phase_id, metric]);
}
