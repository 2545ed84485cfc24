import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { errorLine, phaseLabel } from '../../service/protocol/describe.ts';
import { messageOf } from '../../service/protocol/errors.ts';
import { Lifetime } from '../lifetime.ts';
import type { Log } from '../log.ts';
import type { Change, Mirror } from '../mirror.ts';
import { Throttle } from '../throttle.ts';
import { type FilePlace, placesOf, rangeOf } from '../vscode/files.ts';
import { forgetFiles } from '../vscode/findFile.ts';
import { type Problem, ProblemBook } from './problemBook.ts';

const SHOW_EVERY_MS = 250;

/** Where the log of a job is read, and at which line a phase's error stands. */
export interface LogPlaces {
  uriOf(jobId: string, name: string): vscode.Uri;
  lineOf(jobId: string, phaseId: string | null): number;
}

/** Failed phases as entries of the Problems panel, until the same phase of the same pipeline passes. */
export class Diagnostics implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  private readonly book = new ProblemBook();
  private readonly collection = this.lifetime.track(
    vscode.languages.createDiagnosticCollection('pipescope'),
  );
  private readonly shows = this.lifetime.track(
    new Throttle<undefined>(SHOW_EVERY_MS, () => this.showSoon()),
  );
  private showing: Promise<void> = Promise.resolve();

  constructor(
    private readonly mirror: Mirror,
    private readonly logs: LogPlaces,
    private readonly log: Log,
  ) {
    this.lifetime.track(mirror.onDidChange((change) => this.take(change)));
    // Another folder, other files: the same frames may lie in the workspace now.
    this.lifetime.track(vscode.workspace.onDidChangeWorkspaceFolders(() => this.lookAgain()));
    this.lifetime.track(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('pipescope.pathMappings')) this.lookAgain();
      }),
    );
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private lookAgain(): void {
    forgetFiles();
    this.shows.add(undefined);
  }

  private take(change: Change): void {
    const { jobs } = this.mirror;
    let changed = false;
    for (const jobId of new Set([...change.jobs, ...change.details.keys()])) {
      const job = jobs.get(jobId);
      if (job) changed = this.book.observe(job, this.mirror.phases(jobId)) || changed;
    }
    if (change.reset || change.removedJobs.size > 0)
      changed = this.book.keepJobs((jobId) => jobs.has(jobId)) || changed;
    if (changed) this.shows.add(undefined);
  }

  /** One after the other, so that an older look at the files never overwrites a newer one. */
  private showSoon(): void {
    this.showing = this.showing
      .then(
        () => this.show(),
        // `show` reports its own failures.
      )
      .catch((error: unknown) =>
        this.log.error(`Problems could not be shown: ${messageOf(error)}`),
      );
  }

  private async show(): Promise<void> {
    const found = await Promise.all(this.book.all().map((problem) => this.diagnosticOf(problem)));
    const byFile = new Map<string, [vscode.Uri, vscode.Diagnostic[]]>();
    for (const { uri, diagnostic } of found) {
      const known = byFile.get(uri.toString());
      if (known) known[1].push(diagnostic);
      else byFile.set(uri.toString(), [uri, [diagnostic]]);
    }
    const entries = [...byFile.values()];
    const gone: vscode.Uri[] = [];
    this.collection.forEach((uri) => {
      if (!byFile.has(uri.toString())) gone.push(uri);
    });
    this.collection.set([
      ...gone.map((uri): [vscode.Uri, undefined] => [uri, undefined]),
      ...entries,
    ]);
  }

  private async diagnosticOf(
    problem: Problem,
  ): Promise<{ uri: vscode.Uri; diagnostic: vscode.Diagnostic }> {
    const { places, first } = await placesOf(problem.error);
    const log = this.logs.uriOf(problem.jobId, problem.jobName);
    const logLine = this.logs.lineOf(problem.jobId, problem.phaseId);
    const logRange = rangeOf({ line: logLine + 1, column: 1 });
    const diagnostic = new vscode.Diagnostic(
      first ? rangeOf(first.frame) : logRange,
      messageFor(problem, first),
      vscode.DiagnosticSeverity.Error,
    );
    diagnostic.source = 'Pipescope';
    const target = log.with({ fragment: `L${logLine + 1}` });
    diagnostic.code = { value: problem.phaseId ?? problem.jobId, target };
    diagnostic.relatedInformation = [
      ...places.filter((place) => place !== first).map(related),
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(log, logRange),
        t('Log of {0}', problem.jobName),
      ),
    ];
    return { uri: first?.uri ?? log, diagnostic };
  }
}

function messageFor({ phaseId, phaseName, error }: Problem, place: FilePlace | undefined): string {
  const where = phaseId === null ? phaseName : phaseLabel({ phase_id: phaseId, name: phaseName });
  const text = `${where}: ${errorLine(error)}`;
  // The line that opens is that of the root cause: say which error was raised there.
  const cause = place?.frame.raised;
  return cause === undefined || text.includes(cause) ? text : t('{0} (caused by {1})', text, cause);
}

function related({ frame, uri }: FilePlace): vscode.DiagnosticRelatedInformation {
  return new vscode.DiagnosticRelatedInformation(
    new vscode.Location(uri, rangeOf(frame)),
    roleOf(frame),
  );
}

function roleOf({ raised, function: name }: FilePlace['frame']): string {
  if (raised !== undefined) return t('{0} was raised here', raised);
  return name === null ? t('called from here') : t('in {0}', name);
}
