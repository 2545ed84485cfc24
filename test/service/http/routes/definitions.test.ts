import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from '../../../support/definitions.ts';
import { type Page, allPages, read } from '../../../support/rest.ts';
import {
  type TestService,
  call,
  eventually,
  journalBytes,
  send,
  useServices,
  useSharedService,
} from '../../../support/service.ts';

const QUIET = { sampling: { host_interval_ms: 0 } };
const SLOW = { name: 'Slow nightly', kind: 'slow_phase', params: { threshold_ms: 1000 } };
const HOOK = {
  name: 'Hook',
  kind: 'webhook',
  settings: { url: 'https://example.com/alerts' },
};
const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NIGHT = { matchers: [{ field: 'rule', op: '=', value: 'slow_phase' }], for_ms: 60_000 };

/** All that a change could leave behind. */
async function stateOf(to: TestService): Promise<unknown> {
  const lists = ['/api/v1/rules?limit=1000', '/api/v1/channels', '/api/v1/silences'];
  const file = join(to.dataDir, 'secrets.json');
  return [
    ...(await Promise.all(lists.map(async (path) => (await call(to, path)).text()))),
    existsSync(file) ? readFileSync(file, 'utf8') : null,
    await journalBytes(to.dataDir),
  ];
}

describe('rules by REST', () => {
  const shared = useSharedService(QUIET);
  const rest = (request: string, options?: Parameters<typeof ask>[2]) =>
    ask(shared(), request, options);

  it('are made, changed in part, reset and removed, and say who did it', async () => {
    const made = await rest('POST /api/v1/rules?by=Ada', { body: SLOW });
    assert.deepEqual([made.status, made.etag], [201, '"1"']);
    const { rule_id, changed_by, builtin, edited } = made.body;
    assert.deepEqual([rule_id, changed_by, builtin, edited], ['slow-nightly', 'Ada', false, true]);
    const other = await rest('POST /api/v1/rules', { body: SLOW });
    assert.equal(other.body['rule_id'], 'slow-nightly-2');
    const path = '/api/v1/rules/slow-nightly';
    const changed = await rest(`PUT ${path}?by=Bob`, { body: { severity: 'ERROR' }, match: 1 });
    assert.deepEqual([changed.status, changed.etag], [200, '"2"']);
    const { severity, params } = changed.body as { severity: string; params: object };
    assert.deepEqual([severity, params], ['ERROR', { ...params, threshold_ms: 1000 }]);
    const { changes } = await read<{ changes: { revision: number; by: string }[] }>(
      shared(),
      `${path}/changes`,
      '/api/v1/rules/:rule_id/changes',
    );
    assert.deepEqual(
      changes.map(({ revision, by }) => [revision, by]),
      [
        [2, 'Bob'],
        [1, 'Ada'],
      ],
    );
    assert.equal((await rest(`POST ${path}/reset`)).code, 'RULE_NOT_BUILTIN');
    assert.deepEqual((await rest(`DELETE ${path}`)).body, {
      rule_id: 'slow-nightly',
      removed: true,
    });
    assert.equal((await rest(`GET ${path}`)).code, 'RULE_UNKNOWN');
    assert.equal((await rest(`DELETE ${path}`)).code, 'RULE_UNKNOWN');
  });

  it('that come with Pipescope are switched off and reset, never removed', async () => {
    const path = '/api/v1/rules/phase_failed';
    const off = await rest(`PUT ${path}`, { body: { enabled: false }, match: 0 });
    assert.deepEqual([off.status, off.body['enabled'], off.body['edited']], [200, false, true]);
    const refused = await rest(`DELETE ${path}`);
    assert.deepEqual([refused.status, refused.code], [409, 'RULE_BUILTIN']);
    assert.match(String(refused.body['detail']), /Switch it off/);
    const reset = await rest(`POST ${path}/reset?by=Ada`, { match: 1 });
    assert.deepEqual([reset.body['enabled'], reset.body['edited']], [true, false]);
    assert.equal(reset.etag, '"2"');
  });

  it('come back as they were sent: a record is a body', async () => {
    const { body: record } = await rest('GET /api/v1/rules/high_cpu');
    const revision = record['revision'] as number;
    const again = await rest('PUT /api/v1/rules/high_cpu', { body: record, match: revision });
    assert.equal(again.status, 200);
    assert.deepEqual(again.body['params'], record['params']);
  });

  it('are listed in pages, by kind, state and text', async () => {
    const rules = await allPages<{ kind: string }>(shared(), '/api/v1/rules', {
      name: 'rules',
      limit: 7,
    });
    assert.ok(rules.length >= 20);
    const some = await read<Page & { rules: { kind: string }[] }>(
      shared(),
      '/api/v1/rules?kind=machine_cpu,machine_gpu&enabled=true&text=GPU',
    );
    assert.deepEqual(
      some.rules.map(({ kind }) => kind),
      ['machine_gpu'],
    );
  });

  it('count at once: an event that comes after the answer is judged by them', async () => {
    const path = '/api/v1/rules/phase_failed';
    const { body } = await rest(`GET ${path}`);
    const match = body['revision'] as number;
    await rest(`PUT ${path}`, { body: { severity: 'CRITICAL' }, match });
    const of = { job_id: 'count', phase_id: 'p' };
    await send(shared(), [
      { type: 'job.started', job_id: 'count' },
      { type: 'phase.started', ...of },
      { type: 'phase.failed', ...of, error: { message: 'no' } },
    ]);
    const alert = await eventually(async () => {
      const { alerts } = (await rest('GET /api/v1/alerts?job_id=count')).body as {
        alerts: { severity: string; rule: string }[];
      };
      return alerts[0];
    }, 'The alert');
    assert.deepEqual([alert.rule, alert.severity], ['phase_failed', 'CRITICAL']);
  });

  it('are previewed without being stored', async () => {
    const before = await journalBytes(shared().dataDir);
    const answer = await rest('POST /api/v1/rules/preview?hours=2', { body: SLOW });
    assert.equal(answer.status, 200);
    assert.equal(typeof answer.body['count'], 'number');
    const wrong = await rest('POST /api/v1/rules/preview', { body: { ...SLOW, params: {} } });
    assert.equal(wrong.code, 'RULE_INVALID');
    assert.equal(await journalBytes(shared().dataDir), before);
  });
});

describe('what is wrong with a rule, a channel or a silence', () => {
  const shared = useSharedService(QUIET);
  before(async () => {
    await ask(shared(), 'POST /api/v1/channels', {
      body: { ...HOOK, channel_id: 'there', secrets: { signing_key: KEY } },
    });
    const named = { ...SLOW, rule_id: 'there', channels: ['there'] };
    assert.equal((await ask(shared(), 'POST /api/v1/rules', { body: named })).status, 201);
    const night = { silence_id: 'there', ...NIGHT };
    assert.equal((await ask(shared(), 'POST /api/v1/silences', { body: night })).status, 201);
  });

  const cases: [request: string, body: unknown, code: string, fields: string[], match?: number][] =
    [
      ['POST /api/v1/rules', '{', 'BODY_INVALID', []],
      ['POST /api/v1/rules', [], 'RULE_INVALID', ['']],
      ['POST /api/v1/rules', null, 'RULE_INVALID', ['']],
      ['POST /api/v1/rules', { name: 'x' }, 'RULE_INVALID', ['/kind']],
      ['POST /api/v1/rules', { ...SLOW, kind: 'fast' }, 'RULE_INVALID', ['/kind']],
      ['POST /api/v1/rules', { ...SLOW, severity: 'BAD' }, 'RULE_INVALID', ['/severity']],
      [
        'POST /api/v1/rules',
        { ...SLOW, name: '', for_ms: -1, params: { threshold_ms: 0 } },
        'RULE_INVALID',
        ['/name', '/for_ms', '/params/threshold_ms'],
      ],
      ['POST /api/v1/rules', { ...SLOW, colour: 1 }, 'RULE_INVALID', ['/colour']],
      ['POST /api/v1/rules', { ...SLOW, rule_id: 'A B' }, 'RULE_INVALID', ['/rule_id']],
      ['POST /api/v1/rules', { ...SLOW, rule_id: 7 }, 'RULE_INVALID', ['/rule_id']],
      ['POST /api/v1/rules', { ...SLOW, rule_id: 'kinds' }, 'RULE_INVALID', ['/rule_id']],
      ['POST /api/v1/rules', { ...SLOW, channels: ['gone'] }, 'RULE_INVALID', ['/channels/0']],
      ['POST /api/v1/rules', { ...SLOW, message: '{{nobody}}' }, 'RULE_INVALID', ['/message']],
      ['POST /api/v1/rules', { ...SLOW, rule_id: 'there' }, 'RULE_EXISTS', []],
      ['PUT /api/v1/rules/there', { severity: 'BAD' }, 'RULE_INVALID', ['/severity'], 1],
      ['PUT /api/v1/rules/there', { rule_id: 'other' }, 'RULE_INVALID', ['/rule_id'], 1],
      ['PUT /api/v1/rules/there', {}, 'DEFINITION_REVISION_MISSING', []],
      ['PUT /api/v1/rules/there', {}, 'DEFINITION_CHANGED', [], 0],
      ['PUT /api/v1/rules/there', {}, 'DEFINITION_CHANGED', [], 2],
      ['PUT /api/v1/rules/gone', {}, 'RULE_UNKNOWN', [], 0],
      ['DELETE /api/v1/rules/there', undefined, 'DEFINITION_CHANGED', [], 5],
      ['POST /api/v1/channels', '{', 'BODY_INVALID', []],
      ['POST /api/v1/channels', 'null', 'CHANNEL_INVALID', ['']],
      ['POST /api/v1/channels', { name: 'x' }, 'CHANNEL_INVALID', ['/kind']],
      [
        'POST /api/v1/channels',
        { ...HOOK, settings: { url: 'http://169.254.169.254/' } },
        'CHANNEL_INVALID',
        ['/settings/url'],
      ],
      [
        'POST /api/v1/channels',
        { ...HOOK, min_severity: 'BAD', settings: { url: 'ftp://x' } },
        'CHANNEL_INVALID',
        ['/min_severity', '/settings/url'],
      ],
      ['POST /api/v1/channels', { ...HOOK, channel_id: 7 }, 'CHANNEL_INVALID', ['/channel_id']],
      ['POST /api/v1/channels', { ...HOOK, rules: ['gone'] }, 'CHANNEL_INVALID', ['/rules/0']],
      [
        'POST /api/v1/channels',
        { ...HOOK, secrets: { signing_key: 'short', nobody: 'x' } },
        'CHANNEL_INVALID',
        ['/secrets/signing_key', '/secrets/nobody'],
      ],
      ['POST /api/v1/channels', { ...HOOK, secrets: 'x' }, 'CHANNEL_INVALID', ['/secrets']],
      ['POST /api/v1/channels', { ...HOOK, channel_id: 'there' }, 'CHANNEL_EXISTS', []],
      [
        'PUT /api/v1/channels/there',
        { name: 'New', secrets: { signing_key: 'short' } },
        'CHANNEL_INVALID',
        ['/secrets/signing_key'],
        1,
      ],
      [
        'PUT /api/v1/channels/there',
        { min_severity: 'BAD', secrets: { signing_key: KEY.replace('B', 'C') } },
        'CHANNEL_INVALID',
        ['/min_severity'],
        1,
      ],
      [
        'PUT /api/v1/channels/there',
        { name: 'New', secrets: { signing_key: KEY.replace('B', 'C') } },
        'DEFINITION_CHANGED',
        [],
        9,
      ],
      ['PUT /api/v1/channels/there', {}, 'DEFINITION_REVISION_MISSING', []],
      ['PUT /api/v1/channels/there/secrets', { nobody: 'x' }, 'CHANNEL_INVALID', ['/nobody']],
      ['PUT /api/v1/channels/there/secrets', [], 'CHANNEL_INVALID', ['']],
      ['PUT /api/v1/channels/gone/secrets', {}, 'CHANNEL_UNKNOWN', []],
      ['DELETE /api/v1/channels/there', undefined, 'CHANNEL_USED', []],
      ['DELETE /api/v1/channels/log', undefined, 'CHANNEL_BUILTIN', []],
      ['DELETE /api/v1/channels/gone', undefined, 'CHANNEL_UNKNOWN', []],
      ['POST /api/v1/channels/gone/test', undefined, 'CHANNEL_UNKNOWN', []],
      ['POST /api/v1/silences', 'null', 'SILENCE_INVALID', ['']],
      ['POST /api/v1/silences', { ...NIGHT, matchers: [] }, 'SILENCE_INVALID', ['/matchers']],
      ['POST /api/v1/silences', { matchers: NIGHT.matchers }, 'SILENCE_INVALID', ['/ends_at']],
      [
        'POST /api/v1/silences',
        { ...NIGHT, matchers: [{ field: 'colour', op: '=', value: 'x' }] },
        'SILENCE_INVALID',
        ['/matchers/0/field'],
      ],
      [
        'POST /api/v1/silences',
        { ...NIGHT, silence_id: 'there' },
        'SILENCE_INVALID',
        ['/silence_id'],
      ],
      ['PUT /api/v1/silences/there', { for_ms: 1 }, 'SILENCE_INVALID', ['/for_ms'], 1],
      ['PUT /api/v1/silences/there', {}, 'DEFINITION_CHANGED', [], 7],
      ['PUT /api/v1/silences/gone', {}, 'SILENCE_UNKNOWN', [], 0],
      ['DELETE /api/v1/silences/gone', undefined, 'SILENCE_UNKNOWN', []],
      ['POST /api/v1/outbox/gone/send', undefined, 'NOTIFICATION_UNKNOWN', []],
    ];
  for (const [request, body, code, fields, match] of cases) {
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    it(`is said at its field, and changes nothing: ${request} ${sent ?? ''} ${match ?? ''}`, async () => {
      const before = await stateOf(shared());
      const options = {
        ...(body !== undefined && { body }),
        ...(match !== undefined && { match }),
      };
      const answer = await ask(shared(), request, options);
      assert.deepEqual([answer.code, answer.fields.sort()], [code, [...fields].sort()]);
      assert.ok(!JSON.stringify(answer.body).includes(KEY));
      assert.deepEqual(await stateOf(shared()), before);
    });
  }
});

describe('channels by REST', () => {
  const start = useServices();

  it('keep their secrets in a file for this user only, and show nobody what they are', async () => {
    const to = await start({ config: QUIET });
    const made = await ask(to, 'POST /api/v1/channels?by=Ada', {
      body: { ...HOOK, secrets: { signing_key: KEY } },
    });
    assert.deepEqual([made.status, made.body['channel_id']], [201, 'hook']);
    assert.deepEqual((made.body['secrets'] as { signing_key: string }).signing_key, 'file');
    const file = join(to.dataDir, 'secrets.json');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(readFileSync(file, 'utf8').includes(KEY));
    // The record as it was read, changed: it says where secrets come from, and sets none.
    const body = { ...made.body, min_severity: 'ERROR' };
    const changed = await ask(to, 'PUT /api/v1/channels/hook', { body, match: 1 });
    assert.deepEqual([changed.status, changed.body['min_severity']], [200, 'ERROR']);
    assert.ok(readFileSync(file, 'utf8').includes(KEY));
    const { body: list } = await ask(to, 'GET /api/v1/channels');
    assert.ok(!JSON.stringify([list, made.body, changed.body]).includes(KEY));
    assert.ok(!(await journalBytes(to.dataDir)).includes(KEY));
    assert.ok(!to.log.join('\n').includes(KEY));
    const { body: history } = await ask(to, 'GET /api/v1/channels/hook/changes');
    const changes = history['changes'] as {
      revision: number;
      by: string | null;
      channel: object;
    }[];
    assert.deepEqual(
      changes.map(({ revision, by }) => [revision, by]),
      [
        [2, null],
        [1, 'Ada'],
      ],
    );
    assert.ok('settings' in (changes[0]?.channel ?? {}));
    assert.ok(!JSON.stringify(history).includes(KEY));
    const unknown = await ask(to, 'GET /api/v1/channels/nobody/changes');
    assert.equal(unknown.code, 'CHANNEL_UNKNOWN');
    const gone = await ask(to, 'DELETE /api/v1/channels/hook');
    assert.equal(gone.status, 200);
    assert.ok(!readFileSync(file, 'utf8').includes(KEY));
  });

  it('are not changed where their secrets cannot be written', async function () {
    if (process.getuid?.() === 0) this.skip();
    const to = await start({ config: QUIET });
    await chmod(to.dataDir, 0o500);
    try {
      const body = { ...HOOK, secrets: { signing_key: KEY } };
      assert.equal((await ask(to, 'POST /api/v1/channels', { body })).status, 503);
      assert.equal((await ask(to, 'GET /api/v1/channels/hook')).code, 'CHANNEL_UNKNOWN');
    } finally {
      await chmod(to.dataDir, 0o700);
    }
  });

  it('have the secrets of before where the change itself cannot be stored', async () => {
    const to = await start({ config: QUIET });
    const body = { ...HOOK, secrets: { signing_key: KEY } };
    assert.equal((await ask(to, 'POST /api/v1/channels', { body })).status, 201);
    const { alerting, model } = to.service.monitor;
    // A full table is found only when all else has been checked.
    model.domain.definitions.limit = model.domain.definitions.rows.size;
    const other = { ...body, name: 'Other' };
    assert.equal(
      (await ask(to, 'POST /api/v1/channels', { body: other })).code,
      'DEFINITIONS_FULL',
    );
    assert.equal(alerting.secrets.get('other', 'signing_key'), undefined);
    assert.equal(alerting.secrets.get('hook', 'signing_key'), KEY);
  });

  it('send a test alert and say what came of it', async () => {
    const to = await start({ config: QUIET });
    const answer = await ask(to, 'POST /api/v1/channels/log/test');
    assert.deepEqual([answer.status, answer.body['ok']], [200, true]);
    assert.ok(to.log.some((line) => line.includes('test')));
  });
});

describe('changes at the same time', () => {
  const start = useServices();

  it('of one revision: exactly one is taken', async () => {
    const to = await start({ config: QUIET });
    await ask(to, 'POST /api/v1/rules', { body: SLOW });
    for (let round = 1; round <= 5; round++) {
      const answers = await Promise.all(
        ['INFO', 'WARNING', 'ERROR', 'CRITICAL'].map((severity) =>
          ask(to, 'PUT /api/v1/rules/slow-nightly', { body: { severity }, match: round }),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      assert.deepEqual([...statuses].sort(), [200, 412, 412, 412]);
      const won = answers.find(({ status }) => status === 200);
      const { body, etag } = await ask(to, 'GET /api/v1/rules/slow-nightly');
      assert.equal(etag, `"${round + 1}"`);
      assert.equal(body['severity'], won?.body['severity']);
    }
  });

  it('that make something of the same name: each gets an id, and all are there after a restart', async () => {
    const to = await start({ config: QUIET });
    const made = await Promise.all(
      Array.from({ length: 6 }, () => ask(to, 'POST /api/v1/rules', { body: SLOW })),
    );
    assert.equal(new Set(made.map(({ body }) => body['rule_id'])).size, 6);
    const before = await stateOf(to);
    await to.stop();
    const again = await start({ config: QUIET, dataDir: to.dataDir });
    assert.deepEqual(await stateOf(again), before);
  });
});

describe('silences by REST', () => {
  const start = useServices();

  it('begin now, are made longer, and end', async () => {
    const to = await start({ config: QUIET });
    const made = await ask(to, 'POST /api/v1/silences?by=Ada', { body: NIGHT });
    assert.deepEqual(
      [made.status, made.etag, made.body['state'], made.body['created_by']],
      [201, '"1"', 'ACTIVE', 'Ada'],
    );
    const path = `/api/v1/silences/${String(made.body['silence_id'])}`;
    const body = { ...made.body, ends_at: undefined, for_ms: 120_000, comment: 'longer' };
    const longer = await ask(to, `PUT ${path}`, { body, match: 1 });
    assert.deepEqual([longer.status, longer.body['comment']], [200, 'longer']);
    assert.ok(String(longer.body['ends_at']) > String(made.body['ends_at']));
    const ended = await ask(to, `DELETE ${path}?by=Bob`);
    assert.deepEqual([ended.status, ended.body['state']], [200, 'EXPIRED']);
    const again = await ask(to, `PUT ${path}`, { body: { for_ms: 5000 }, match: 3 });
    assert.equal(again.code, 'SILENCE_EXPIRED');
    assert.equal((await ask(to, `DELETE ${path}`)).body['state'], 'EXPIRED');
    const { body: history } = await ask(to, `GET ${path}/changes`);
    const changes = history['changes'] as { by: string | null }[];
    assert.deepEqual(
      changes.map(({ by }) => by),
      ['Bob', null, 'Ada'],
    );
    assert.equal((await ask(to, 'GET /api/v1/silences/none/changes')).code, 'SILENCE_UNKNOWN');
  });
});
