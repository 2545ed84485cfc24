import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { config } from '@vscode/l10n';
import { jobDescription, jobFailure } from '../../service/protocol/describe.ts';
import { taskDescription, workersInTrouble } from '../../service/protocol/describeWorkers.ts';
import { writeAs } from '../../service/protocol/intl.ts';
import { COMMANDS } from '../../src/contributions.ts';
import { NEXT_STEPS, type NextStep } from '../../src/nextSteps.ts';
import { logText } from '../../src/surfaces/logText.ts';
import { statusText } from '../../src/surfaces/statusText.ts';
import {
  GERMAN_BUNDLE,
  placeholders,
  readBundle,
  sourcesIn,
  SPOKEN_FOLDERS,
  textsIn,
  textsOf,
} from '../support/l10n.ts';
import { root } from '../support/paths.ts';
import { alert, at, job, offline, phase, START, task } from './wire/records.ts';

const german = readBundle(GERMAN_BUNDLE);
const nls = { en: readBundle('package.nls.json'), de: readBundle('package.nls.de.json') };

describe('the texts of the sources', () => {
  const texts = textsIn(SPOKEN_FOLDERS);
  const keys = new Set(texts.map(({ key }) => key));

  it('can all be translated: literals, said when the language is known, with a value for each place', () => {
    assert.ok(keys.size > 250, 'found hardly any');
    assert.deepEqual(
      texts.filter(({ problems }) => problems.length > 0),
      [],
    );
  });

  it('are all in the German bundle, and nothing else is', () => {
    assert.deepEqual(
      [...keys].filter((key) => (german[key] ?? '').trim() === ''),
      [],
    );
    assert.deepEqual(
      Object.keys(german).filter((key) => !keys.has(key)),
      [],
    );
  });

  it('have the same places in German', () => {
    const differing = Object.entries(german).filter(
      ([key, text]) => placeholders(key).join() !== placeholders(text).join(),
    );
    assert.deepEqual(differing, []);
  });

  it('are told when they cannot be translated', () => {
    const source = `
      import { t as say } from '@vscode/l10n';
      const early = say('Too early');
      const late = () => say('Late enough');
      class View { static first = say('Static'); title = say('Made'); }
      export const f = (name, n) => [
        say(name), say(\`Job \${name}\`), say(' '), say('{0} of {1}', n), say('Job', n),
        count(n, say('One job'), say('{0} jobs')),
        count(n, say('job'), say('jobs')),
        count(n, say('{0} job of {1}'), say('{0} jobs of {1}'), say('Plain')),
        count(n, say('{0} job', n), say('{0} jobs of {1}')),
        say('{0} and {1}', ...name), count(n, say('{1} of one'), say('{1} of {0}'), ...name),
      ];`;
    const wrong = textsOf('a.ts', source).filter(({ problems }) => problems.length > 0);
    assert.deepEqual(
      wrong.map(({ key }) => key),
      [
        'Too early',
        'Static',
        '',
        '',
        ' ',
        '{0} of {1}',
        'Job',
        'jobs',
        '{0} job',
        '{0} jobs of {1}',
      ],
    );
    assert.equal(wrong[0]?.place, 'a.ts:3');
  });
});

describe('the language', () => {
  it('is set by the window and the page alone: what the service writes stays English', () => {
    const files = readdirSync(join(root, 'service'), { recursive: true, encoding: 'utf8' });
    const setting = files
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => {
        const source = readFileSync(join(root, 'service', name), 'utf8');
        return /\bconfig\b[^;]*'@vscode\/l10n'|\bwriteAs\b[^;]*language\.ts'/.test(source);
      });
    assert.deepEqual(setting, []);
  });

  it('is that of numbers and times too: they are written through it alone', () => {
    const spoken = String.raw`(?!\s*(language|locale\(\)|current|'sv'|\)\.resolved))`;
    const own = new RegExp(
      String.raw`\.to(Fixed|Precision)\(|\.toLocale\w*String\(${spoken}|Intl\.(Number|DateTime|List)Format\(${spoken}`,
    );
    const writing = SPOKEN_FOLDERS.flatMap(sourcesIn).filter((file) =>
      own.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(writing, []);
  });
});

describe('the texts of the manifest', () => {
  it('are the same in German: each of them, with the same commands', () => {
    assert.deepEqual(Object.keys(nls.de), Object.keys(nls.en));
    const commandsIn = (text = ''): string[] => text.match(/\]\(command:[\w.]+\)/g) ?? [];
    for (const [key, text] of Object.entries(nls.de)) {
      assert.notEqual(text.trim(), '', key);
      assert.deepEqual(commandsIn(text), commandsIn(nls.en[key]), key);
    }
  });

  it('say in German the same thing as the sources where they say the same thing in English', () => {
    const differing = Object.entries(nls.en)
      .map(([key, text]) => [text, nls.de[key], german[text]])
      .filter(([, inManifest, inBundle]) => inBundle !== undefined && inBundle !== inManifest);
    assert.deepEqual(differing, []);
  });

  it('title the buttons of messages as the palette titles their commands', () => {
    for (const [name, title] of Object.entries(NEXT_STEPS))
      assert.equal(title(), COMMANDS[name as NextStep].title);
  });
});

describe('a window in German', () => {
  before(() => {
    config({ contents: german });
    writeAs('de');
  });
  after(() => {
    config({ contents: {} });
    writeAs('en');
  });

  const failed = job({
    job_id: 'j',
    name: 'nightly',
    status: 'FAILED',
    current_phase: { phase_id: 'P06', name: 'Clustering' },
    error_count: 1,
    error: { message: 'bad' },
    ended_at: at(60),
    phases_total: 10,
    phases_done: 5,
  });

  it('speaks German in rows, in the status bar and in messages', () => {
    assert.equal(
      jobDescription(failed, START + 90_000),
      'fehlgeschlagen bei P06 · 1m 00s · vor 30 s · 1 Fehler',
    );
    assert.equal(jobFailure(failed), 'Phase P06 Clustering von nightly ist fehlgeschlagen: bad');
    const ended = task({ task_id: 't', status: 'COMPLETED', processing_ms: 3100 });
    assert.equal(taskDescription(ended, START), 'abgeschlossen in 3,1 s');
    assert.equal(workersInTrouble([offline({ worker_id: 'w' })]).text, '1 Worker offline');
    const alerts = [1, 2].map((n) => alert({ alert_id: `${n}` }));
    const { text, sentence } = statusText({
      service: { kind: 'connected' } as never,
      jobs: [failed],
      failed: [failed],
      alerts,
      now: START,
    });
    assert.equal(text, '$(error) 1 fehlgeschlagen');
    assert.equal(sentence, '1 fehlgeschlagener Job anzusehen, 2 Alarme zu bestätigen.');
  });

  it('writes documents in German, their facts in line', () => {
    const { text } = logText(
      { job: failed, phases: [phase({ job_id: 'j', phase_id: 'P' })], logs: [] },
      START,
    );
    assert.match(text, /^Status {5}fehlgeschlagen$/m);
    assert.match(text, /^Phasen {5}5 von 10 Phasen fertig$/m);
    assert.match(text, /^Warnungen {2}0 Warnungen$/m);
  });
});
