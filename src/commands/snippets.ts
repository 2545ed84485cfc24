import { t } from '@vscode/l10n';

/** Ready-made lines with which a pipeline of one's own reports. They name the token's file and never hold the token. */
export interface SnippetFacts {
  url: string;
  /** `tokens.json` of the data directory. */
  tokenFile: string;
  dataDir: string;
  /** `dist/cli.js` */
  cli: string;
}

export interface Snippet {
  label: string;
  detail: string;
  /** What was copied, and what to do with it. */
  copied: string;
  text: (facts: SnippetFacts) => string;
}

export function agentSnippet(): Snippet {
  return {
    label: t('Worker agent'),
    detail: t('This machine as a worker, with its CPU, memory, disk, network and GPU'),
    copied: t('Copied the line. Run it in a terminal: the worker appears within seconds.'),
    text: agent,
  };
}

export function snippets(): Snippet[] {
  const into = (language: string): string =>
    t('Copied the lines for {0}. Put them into your pipeline and run it.', language);
  return [
    { label: 'curl', detail: t('From a shell script'), copied: into('curl'), text: curl },
    {
      label: 'Node',
      detail: t('From JavaScript or TypeScript, Node 20 or later'),
      copied: into('Node'),
      text: node,
    },
    {
      label: 'Python',
      detail: t('From Python 3, standard library only'),
      copied: into('Python'),
      text: python,
    },
    {
      label: t('Shell wrapper'),
      detail: t('Any command as a job, with its CPU, memory and last error lines'),
      copied: t(
        'Copied the line. Put your command behind the two dashes and run it in a terminal.',
      ),
      text: wrapper,
    },
    agentSnippet(),
  ];
}

function curl({ url, tokenFile }: SnippetFacts): string {
  return `TOKEN=$(sed -nE 's/.*"ingest" *: *"([^"]+)".*/\\1/p' ${quoted(tokenFile)})
report() { printf 'header = "Authorization: Bearer %s"\\n' "$TOKEN" | curl -sS --config - -H 'Content-Type: application/json' -d "$1" ${quoted(`${url}/api/v1/events`)}; }
report '{"type":"job.started","job_id":"job-1","pipeline":"nightly"}'
report '{"type":"phase.started","job_id":"job-1","phase_id":"P00","name":"Import"}'
report '{"type":"phase.completed","job_id":"job-1","phase_id":"P00"}'
report '{"type":"job.completed","job_id":"job-1"}'
`;
}

function node({ url, tokenFile }: SnippetFacts): string {
  return `import { readFileSync } from 'node:fs';

const { ingest } = JSON.parse(readFileSync(${JSON.stringify(tokenFile)}, 'utf8'));
const report = (event) =>
  fetch(${JSON.stringify(`${url}/api/v1/events`)}, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${ingest}\` },
    body: JSON.stringify(event),
  });

await report({ type: 'job.started', job_id: 'job-1', pipeline: 'nightly' });
await report({ type: 'phase.started', job_id: 'job-1', phase_id: 'P00', name: 'Import' });
try {
  // your work
  await report({ type: 'phase.completed', job_id: 'job-1', phase_id: 'P00' });
  await report({ type: 'job.completed', job_id: 'job-1' });
} catch (error) {
  const details = { message: error.message, type: error.name, stack: error.stack };
  await report({ type: 'phase.failed', job_id: 'job-1', phase_id: 'P00', error: details });
  await report({ type: 'job.failed', job_id: 'job-1', error: details });
  throw error;
}
`;
}

function python({ url, tokenFile }: SnippetFacts): string {
  return `import json, traceback, urllib.request

with open(${JSON.stringify(tokenFile)}) as file:
    TOKEN = json.load(file)["ingest"]

def report(**event):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + TOKEN}
    body = json.dumps(event).encode()
    urllib.request.urlopen(urllib.request.Request(${JSON.stringify(`${url}/api/v1/events`)}, body, headers)).close()

report(type="job.started", job_id="job-1", pipeline="nightly")
report(type="phase.started", job_id="job-1", phase_id="P00", name="Import")
try:
    pass  # your work
    report(type="phase.completed", job_id="job-1", phase_id="P00")
    report(type="job.completed", job_id="job-1")
except Exception as error:
    details = {"message": str(error), "type": type(error).__name__, "stack": traceback.format_exc()}
    report(type="phase.failed", job_id="job-1", phase_id="P00", error=details)
    report(type="job.failed", job_id="job-1", error=details)
    raise
`;
}

function wrapper({ dataDir, cli }: SnippetFacts): string {
  return `PIPESCOPE_DATA_DIR=${quoted(dataDir)} node ${quoted(cli)} run --pipeline nightly -- your-command --its-option
`;
}

function agent({ dataDir, cli }: SnippetFacts): string {
  return `PIPESCOPE_DATA_DIR=${quoted(dataDir)} node ${quoted(cli)} agent --worker-id "$(hostname)"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
