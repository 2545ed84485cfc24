import type { Topic } from '../service/protocol/frame.ts';
import type { JobRecord } from '../service/protocol/record.ts';
import { jobsIn, newestFirst } from './jobs.ts';
import { type Disposable, Lifetime } from './lifetime.ts';
import type { Mirror } from './mirror.ts';
import { Throttle } from './throttle.ts';

const MOST_OF_A_KIND = 20;
/** Rows a person expanded and documents that are open; the longest ago asked for goes first. */
const MOST_ASKED = 50;
const SET_EVERY_MS = 500;
export const ALWAYS: readonly Topic[] = ['jobs', 'alerts'];

/**
 * The jobs of which this window wants phases and logs: those that run, those that failed last (Problems has their phases),
 * for each of these the newest run of its pipeline that passed (it clears them), and those a person looks at.
 */
export function wantedJobs(jobs: Iterable<JobRecord>, asked: Iterable<string>): Set<string> {
  const all = [...jobs];
  const failed = jobsIn(all, 'FAILED').slice(0, MOST_OF_A_KIND);
  const wanted = [...jobsIn(all, 'RUNNING').slice(0, MOST_OF_A_KIND), ...failed];
  const pipelines = new Set(failed.map((job) => job.pipeline));
  for (const job of jobsIn(all, 'COMPLETED')) if (pipelines.delete(job.pipeline)) wanted.push(job);
  return new Set([...wanted.sort(newestFirst).map((job) => job.job_id), ...asked]);
}

/** Tells the service which jobs matter here, at most twice a second. */
export class Interest implements Disposable {
  private readonly lifetime = new Lifetime();
  private readonly asked = new Map<string, number>();
  /** How many ask for workers, queues and tasks. */
  private askedForWork = 0;
  private current = '';
  private readonly throttle = this.lifetime.track(
    new Throttle<undefined>(SET_EVERY_MS, () => this.settle()),
  );

  constructor(
    private readonly mirror: Mirror,
    private readonly setTopics: (topics: Topic[]) => void,
  ) {
    this.lifetime.track(
      mirror.onDidChange((change) => {
        if (change.reset || change.jobs.size > 0 || change.removedJobs.size > 0) this.look();
      }),
    );
  }

  /** Wants this job until the answer is disposed of. */
  ask(jobId: string): Disposable {
    const count = this.asked.get(jobId) ?? 0;
    this.asked.delete(jobId); // to the end: asked for last
    this.asked.set(jobId, count + 1);
    this.dropOldest();
    this.look();
    return once(() => this.leave(jobId));
  }

  /** Wants workers, queues and tasks until the answer is disposed of. */
  askForWork(): Disposable {
    this.askedForWork += 1;
    this.look();
    return once(() => {
      this.askedForWork -= 1;
      this.look();
    });
  }

  dispose(): void {
    this.lifetime.dispose();
    this.asked.clear();
  }

  private look(): void {
    this.throttle.add(undefined);
  }

  private leave(jobId: string): void {
    const count = this.asked.get(jobId) ?? 0;
    if (count > 1) this.asked.set(jobId, count - 1);
    else this.asked.delete(jobId);
    this.look();
  }

  private dropOldest(): void {
    for (const jobId of this.asked.keys()) {
      if (this.asked.size <= MOST_ASKED) return;
      this.asked.delete(jobId);
    }
  }

  private settle(): void {
    const jobIds = wantedJobs(this.mirror.jobs.values(), this.asked.keys());
    const work: Topic[] = this.askedForWork > 0 ? ['workers'] : [];
    const jobs = [...jobIds].sort().map((id): Topic => `job:${id}`);
    const topics: Topic[] = [...ALWAYS, ...work, ...jobs];
    const key = JSON.stringify(topics);
    if (key === this.current) return;
    this.current = key;
    this.setTopics(topics);
    this.mirror.keepDetails(jobIds);
    if (work.length === 0) this.mirror.work.clear();
  }
}

/** Runs `end` with the first call. */
function once(end: () => void): Disposable {
  let mine = true;
  return {
    dispose: () => {
      if (mine) end();
      mine = false;
    },
  };
}
