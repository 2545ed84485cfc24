import { t } from '@vscode/l10n';
import type { Topic } from '../../service/protocol/frame.ts';
import type { JobRecord } from '../../service/protocol/record.ts';

/** A tab has room for no more. */
const LONGEST = 40;
const JOB = 'job:';
const MOST_NAMES = 5_000;

/** The title of a dashboard's tab: the job that its page shows, as the topics and records on their way tell. */
export class PanelTitle {
  private readonly set: (title: string) => void;
  private readonly names = new Map<string, string>();
  private shown: string | undefined;
  private title = '';

  constructor(set: (title: string) => void) {
    this.set = set;
  }

  /** The page shows the job among these topics, or none. */
  follow(topics: readonly Topic[]): void {
    this.shown = topics.find((topic) => topic.startsWith(JOB))?.slice(JOB.length);
    this.update();
  }

  /** Keeps the names of jobs: the page may turn to any of them. The newest as many as a page keeps. */
  learn(jobs: readonly Pick<JobRecord, 'job_id' | 'name'>[]): void {
    for (const { job_id, name } of jobs) this.names.set(job_id, name);
    for (const id of this.names.keys()) {
      if (this.names.size <= MOST_NAMES) break;
      if (id !== this.shown) this.names.delete(id);
    }
    this.update();
  }

  private update(): void {
    // Before the first topics come the tab is called as it was before the window was loaded again.
    const name = this.shown === undefined ? undefined : this.names.get(this.shown);
    if (name === undefined) return;
    const short = name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`;
    const title = t('{0} - Pipescope', short);
    if (title === this.title) return;
    this.title = title;
    this.set(title);
  }
}
