import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { discordMessage } from '../../../../service/alerts/channels/discord.ts';
import { mailText } from '../../../../service/alerts/channels/mailText.ts';
import { oneLine, plainLines } from '../../../../service/alerts/channels/plainText.ts';
import { PLACEHOLDERS, fillIn } from '../../../../service/alerts/channels/placeholders.ts';
import { quantity } from '../../../../service/alerts/channels/quantity.ts';
import { slackMessage } from '../../../../service/alerts/channels/slack.ts';
import { teamsMessage } from '../../../../service/alerts/channels/teams.ts';
import type { NotificationContent } from '../../../../service/protocol/notification.ts';
import { alertOf, channelOf, contentOf, never, useChannels } from '../../../support/channels.ts';
import { root } from '../../../support/paths.ts';
import { answers, useReceivers } from '../../../support/receiver.ts';

const context = { notification_id: 'n-1', dashboardUrl: 'http://127.0.0.1:4780/enhanced-monitor' };

/** Text that would break out of something, among any other text. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '<',
      '>',
      '&',
      '\r',
      '\n',
      '\u001b',
      '\u202e',
      '{{text}}',
      '`',
      '*',
      '@everyone',
      '<!channel>',
      '\ud800',
      'é',
      '😀',
      '</p>',
      '](http://x)',
    ),
    maxLength: 30,
  }),
  fc.constantFrom('x'.repeat(12_000), '&'.repeat(9000), '😀'.repeat(3000)),
);
const someAlert = fc
  .record({
    ...{ title: nasty, description: nasty, component_id: nasty, rule_name: nasty, job_id: nasty },
    ...{
      component: nasty,
      phase_id: nasty,
      metric: nasty,
      value: fc.option(fc.double()),
      threshold: fc.option(fc.double()),
    },
    tags: fc.dictionary(fc.constantFrom('pipeline', 'team', '__proto__'), nasty),
    state: fc.constantFrom('active' as const, 'resolved' as const),
    resolved_at: fc.constantFrom(null, '2026-11-22T15:05:09.000Z'),
  })
  .map((change) => alertOf(change));
const someContent: fc.Arbitrary<NotificationContent> = fc
  .record({
    kind: fc.constantFrom(
      'raised' as const,
      'resolved' as const,
      'digest' as const,
      'test' as const,
    ),
    summary: nasty,
    alerts: fc.array(someAlert, { maxLength: 20 }),
    more: fc.array(fc.record({ rule: nasty, rule_name: fc.option(nasty), count: fc.nat() }), {
      maxLength: 30,
    }),
    more_count: fc.nat(),
  })
  .map((change) => contentOf(change));

const runs = { numRuns: 60 };
/** All texts in a document. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('a message to Slack', () => {
  it('says what happened, where, how much, since when and what next', () => {
    assert.deepEqual(slackMessage(contentOf(), context), {
      text: '[ERROR] P06 Clustering uses much memory',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: '[ERROR] P06 Clustering uses much memory' },
        },
        section(
          '*Error: P06 Clustering uses much memory*\nP06 Clustering of nightly uses 3.2 GB; the threshold is 2.0 GB.',
        ),
        {
          type: 'section',
          fields: [
            ['Phase', 'P06'],
            ['Job', 'nightly-7'],
            ['Pipeline', 'nightly'],
            ['Measured', '3.2 GB, threshold 2.0 GB'],
            ['Since', '2026-11-22 14:05:09 UTC'],
            ['Rule', 'High memory'],
          ].map(([name, value]) => ({
            type: 'mrkdwn',
            text: `*${name}*\n${value}`,
            verbatim: true,
          })),
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'Next: Read the errors of the phase, and acknowledge the alert, in the dashboard: http://127.0.0.1:4780/enhanced-monitor',
              verbatim: true,
            },
          ],
        },
      ],
    });
  });

  it('stays within the limits of Slack and calls nobody, whatever alerts say', () =>
    fc.assert(
      fc.property(someContent, (content) => {
        const { blocks, text } = slackMessage(content, context);
        assert.ok(blocks.length <= 50);
        for (const block of blocks) {
          const texts = textsOf(block);
          for (const one of texts) assert.ok(one.length > 0 && one.length <= 3000);
          if (block.type === 'header') assert.ok((texts[2] ?? '').length <= 150);
          if ('fields' in block) assert.ok(block.fields.length <= 10);
          for (const one of texts.slice(block.type === 'header' ? texts.length : 0))
            assert.doesNotMatch(one, /[<>]|&(?!amp;|lt;|gt;)/);
        }
        assert.doesNotMatch(text, /[<>]/);
      }),
      runs,
    ));
});

function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

describe('a message to Teams', () => {
  it('is an adaptive card that leads to the dashboard', () => {
    const message = teamsMessage(contentOf(), context);
    const [attachment] = message.attachments;
    assert.ok(attachment);
    const { content: card, contentType } = attachment;
    assert.deepEqual(
      [message.type, contentType, card.type, card.version],
      ['message', 'application/vnd.microsoft.card.adaptive', 'AdaptiveCard', '1.4'],
    );
    assert.deepEqual(card.actions, [
      { type: 'Action.OpenUrl', title: 'Open dashboard', url: context.dashboardUrl },
    ]);
    const lines = card.body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
    assert.deepEqual(lines, [
      '[ERROR] P06 Clustering uses much memory',
      'Error: P06 Clustering uses much memory',
      'P06 Clustering of nightly uses 3.2 GB; the threshold is 2.0 GB.',
      ...[
        'Phase: P06',
        'Job: nightly-7',
        'Pipeline: nightly',
        'Measured: 3.2 GB, threshold 2.0 GB',
      ],
      ...['Since: 2026-11-22 14:05:09 UTC', 'Rule: High memory'],
      `Next: Read the errors of the phase, and acknowledge the alert, in the dashboard: ${context.dashboardUrl}`,
    ]);
  });

  it('stays below 28 KB and has no text that Markdown is read from, whatever alerts say', () =>
    fc.assert(
      fc.property(someContent, (content) => {
        const message = teamsMessage(content, context);
        assert.ok(Buffer.byteLength(JSON.stringify(message)) < 28 * 1024);
        for (const { type } of message.attachments[0]?.content.body ?? [])
          assert.equal(type, 'RichTextBlock');
      }),
      runs,
    ));
});

describe('a message to Discord', () => {
  it('stays within the limits of Discord and calls nobody, whatever alerts say', () =>
    fc.assert(
      fc.property(someContent, (content) => {
        const message = discordMessage(content, context);
        assert.deepEqual(message.allowed_mentions, { parse: [] });
        assert.ok(message.content.length <= 2000 && message.embeds.length <= 10);
        let all = 0;
        for (const { title, description, fields } of message.embeds) {
          assert.ok(title.length <= 256 && description.length <= 4096 && fields.length <= 25);
          for (const { name, value } of fields)
            assert.ok(name.length <= 256 && value.length > 0 && value.length <= 1024);
          all += textsOf([title, description, fields]).join('').length;
        }
        assert.ok(all <= 6000);
      }),
      runs,
    ));

  it('shows signs of Markdown as they are', () => {
    const [embed] = discordMessage(
      contentOf({}, { title: '[x](http://y) **b** @everyone' }),
      context,
    ).embeds;
    assert.equal(embed?.title, 'Error: \\[x\\]\\(http://y\\) \\*\\*b\\*\\* \\@everyone');
  });
});

describe('a channel whose address is its secret', () => {
  const start = useReceivers();
  const open = useChannels();
  for (const kind of ['slack', 'teams', 'discord'])
    it(`of kind ${kind} posts there, and names only the host when it fails`, async () => {
      const receiver = await start(({ path }, response) => {
        const status = receiver.received.length === 1 ? 200 : 404;
        response
          .writeHead(status)
          .end(status === 200 ? 'ok' : `Cannot POST ${path} [hidden-token-1234]`);
      });
      const { channels, secrets, log } = await open();
      const url = `http://hooks.example.org:${receiver.port}/services/T0000/hidden-token-1234?key=hidden-key-5678`;
      await secrets.set('ops', { url }, { keep: 'file' });
      const channel = channelOf({ kind, settings: { allow_private: true } });
      await channels.send(channel, 'n-1', contentOf(), never());
      assert.match(
        receiver.received[0]?.path ?? '',
        /^\/services\/T0000\/hidden-token-1234\?key=hidden-key-5678/,
      );
      JSON.parse(receiver.received[0]?.body ?? '');
      const test = await channels.test(channel);
      assert.match(
        test.message,
        /^hooks\.example\.org:\d+ answered 404: Cannot POST .*There is nothing at this address/,
      );
      assert.doesNotMatch(test.message + log.join(), /hidden|T0000/);
    });

  it('says what is missing, and where to give it', async () => {
    const { channels } = await open();
    await assert.rejects(channels.send(channelOf({ kind: 'slack' }), 'n', contentOf(), never()), {
      permanent: false,
      message:
        'The secret "url" is missing. Give it in the channel\'s form, or as the environment variable PIPESCOPE_SECRET_OPS_URL.',
    });
  });

  it('is checked again when it comes from the environment', async () => {
    const receiver = await start(answers(200));
    const env = { PIPESCOPE_SECRET_OPS_URL: `http://127.0.0.1:${receiver.port}/hidden` };
    const { channels } = await open({ env });
    const test = await channels.test(channelOf({ kind: 'slack' }));
    assert.deepEqual([test.ok, receiver.received.length], [false, 0]);
    assert.match(test.message, /not valid\. .*Allow private addresses/);
    assert.doesNotMatch(test.message, /hidden/);
  });
});

describe('a template', () => {
  const start = useReceivers();
  const open = useChannels();

  it('is sent as written, filled in', async () => {
    const receiver = await start(answers(202));
    const { channels, secrets } = await open();
    await secrets.set('ops', { authorization: 'GenieKey abcdefgh' }, { keep: 'memory' });
    const channel = channelOf({
      kind: 'template',
      settings: {
        ...{
          url: `http://hooks.example.org:${receiver.port}/v2/alerts`,
          method: 'PUT',
          allow_private: true,
        },
        headers: { 'X-Source': 'pipescope' },
        body: '{"message":"{{summary}}","alias":"{{id}}","value":{{value}},"team":"{{tag.pipeline}}","none":"{{tag.none}}","count":{{count}}}',
      },
    });
    await channels.send(channel, 'n-1', contentOf({ summary: 'He said "no"\n' }), never());
    const { method, headers, body } = receiver.received[0] ?? assert.fail();
    assert.deepEqual(JSON.parse(body), {
      ...{
        message: 'He said "no"\n',
        alias: 'n-1',
        value: 3277,
        team: 'nightly',
        none: '',
        count: 1,
      },
    });
    assert.deepEqual(
      [method, headers['authorization'], headers['x-source'], headers['content-type']],
      ['PUT', 'GenieKey abcdefgh', 'pipescope', 'application/json'],
    );
  });

  it('has no placeholder that its document does not name', () => {
    const text = readFileSync(join(root, 'docs/alerts.md'), 'utf8');
    for (const name of PLACEHOLDERS) assert.ok(text.includes(`\`{{${name}}}\``), name);
  });

  it('in JSON stays the JSON it was, whatever alerts say', () =>
    fc.assert(
      fc.property(someContent, (content) => {
        const body =
          '{"a":"<{{text}}>","b":{{value}},"c":{{alerts}},"d":"{{tag.team}}{{title}}","e":{{more}}}';
        const filled = JSON.parse(fillIn(body, 'json', content, context)) as Record<
          string,
          unknown
        >;
        assert.deepEqual(Object.keys(filled), ['a', 'b', 'c', 'd', 'e']);
        assert.match(String(filled['a']), /^<[^]*>$/);
      }),
      runs,
    ));

  it('in markup and in a form adds neither tags nor fields, whatever alerts say', () =>
    fc.assert(
      fc.property(someContent, (content) => {
        const html = fillIn('<p title="{{title}}">{{text}}</p>', 'markup', content, context);
        assert.deepEqual(
          html.match(/<[^>]*>/g)?.map((tag) => tag.slice(0, 3)),
          ['<p ', '</p'],
        );
        assert.equal(html.split('"').length, 3);
        const form = fillIn('text={{text}}&title={{title}}', 'form', content, context);
        assert.deepEqual([...new URLSearchParams(form).keys()], ['text', 'title']);
      }),
      runs,
    ));
});

describe('a mail of any alert', () => {
  it('has a subject of one line and only the tags that are ours', () =>
    fc.assert(
      fc.property(someContent, (content) => {
        const { subject, html, text } = mailText(content, context);
        assert.doesNotMatch(subject, /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/);
        assert.ok(subject.length <= 200);
        const tags = new Set(html.match(/<\/?[a-z0-9]+/gi));
        for (const tag of tags)
          assert.match(
            tag,
            /^<\/?(html|head|meta|title|body|h1|bdi|div|p|strong|table|tr|th|td|a)$/,
          );
        assert.equal(html.match(/<a /g)?.length, 1);
        assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\u202a-\u202e]/);
      }),
      runs,
    ));
});

describe('plain text', () => {
  it('has nothing in it that acts on who shows it', () =>
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 300 }), (text, most) => {
        const line = oneLine(text, most);
        assert.ok(line.length <= most);
        assert.doesNotMatch(
          line,
          /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u,
        );
        assert.doesNotMatch(plainLines(text), /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]|\p{Surrogate}/u);
      }),
    ));

  it('says values with the unit of their metric', () => {
    const said = (
      [
        ['cpu_percent', 97.2],
        ['memory_mb', 3277],
        ['execution_time_ms', 95_000],
        ['queue_wait_seconds', 61],
        ['disk_bytes', 2048],
        ['error_count', 1],
        ['queue_size', 1200],
        ['mae', 0.1234],
        [null, 5],
        ['cpu_percent', -3],
      ] as const
    ).map(([metric, value]) => quantity(metric, value));
    assert.deepEqual(said, [
      '97 %',
      '3.2 GB',
      '1m 35s',
      '1m 01s',
      '2.0 KB',
      '1 error',
      '1,200 tasks',
      '0.123',
      '5',
      '-3',
    ]);
  });
});
