/** A job as a page of its own: no scripts, nothing from the network, every text escaped. */
import {
  duration,
  errorLine,
  memory,
  percent,
  phaseLabel,
  statusWord,
  UNKNOWN,
} from '../protocol/describe.ts';
import { escaped, isolated } from '../protocol/htmlText.ts';
import { resourcesSvg, timelineSvg } from './htmlCharts.ts';
import type { JobContents, LogRecord, PhaseSnapshot } from '../protocol/record.ts';

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #d0d7de;vertical-align:top}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0;color:#57606a}
td{overflow-wrap:anywhere}svg{width:100%;height:auto;font:11px system-ui,sans-serif;fill:currentColor}h3{font-size:14px;font-weight:600;margin:1rem 0 .25rem}
rect{fill:#2da44e}rect.FAILED{fill:#cf222e}rect.RUNNING,rect.STALE{fill:#bf8700}rect.CANCELLED,rect.SKIPPED,rect.PENDING{fill:#8c959f}.line{fill:none;stroke:#0969da;stroke-width:1.5;stroke-linecap:round}rect.band0{fill:#8c959f;fill-opacity:.12}rect.band1{fill:#8c959f;fill-opacity:.24}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}pre{color:#8b949e}}
@media print{body{max-width:none;margin:0;padding:0;color:#000;background:#fff;print-color-adjust:exact}tr,svg{break-inside:avoid}h2,h3{break-after:avoid}@page{margin:1.5cm}}`;

/** Forbids all but the style above, in the page itself as in the header of its answer. */
export const JOB_PAGE_CSP = "default-src 'none'; style-src 'unsafe-inline'";

/** The whole document. `exported_at` is RFC 3339. */
export function jobPage(job: JobContents, exported_at: string): string {
  const title = `${job.name}: ${statusWord(job.status)}`;
  const sections = [
    drawing('Phases against time', timelineSvg(job)),
    section('Phases', phaseTable(job.phases)),
    drawing('Resources', resourcesSvg(job).trim()),
    section('Errors', logTable([...job.phases.flatMap((phase) => phase.errors), ...job.errors])),
    section('Timeline', timelineTable(job)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${JOB_PAGE_CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${isolated(title)}</h1>
${facts(job)}
${sections.join('\n')}
<p>Exported by Pipescope at ${escaped(moment(exported_at))} UTC. All times are in UTC.</p>
</body>
</html>
`;
}

function facts(job: JobContents): string {
  const rows: [string, string][] = [
    ['Job', job.job_id],
    ['Pipeline', job.pipeline],
    ['Started (UTC)', moment(job.started_at)],
    ['Ended (UTC)', moment(job.ended_at)],
    ['Duration', duration(job.duration_ms)],
    ['Phases', `${job.phases_done} of ${job.phases_total} done, ${job.phases_failed} failed`],
    ['Errors and warnings', `${job.error_count} and ${job.warning_count}`],
  ];
  if (job.error) rows.push(['Error', errorText(job.error)]);
  const lines = rows.map(([name, value]) => `<tr><th scope="row">${name}</th>${td(value)}</tr>`);
  return `<table>${lines.join('')}</table>`;
}

/** Nothing where there is nothing to draw. */
function drawing(title: string, svg: string): string {
  return svg === '' ? '' : section(title, svg);
}

function section(title: string, table: string): string {
  return `<h2>${title}</h2>\n${table}`;
}

function phaseTable(phases: readonly PhaseSnapshot[]): string {
  return table(
    ['Phase', 'Status', 'Started (UTC)', 'Duration', 'CPU', 'Memory', 'Errors'],
    phases.map((phase) => [
      phaseLabel(phase),
      statusWord(phase.status),
      moment(phase.started_at),
      duration(phase.execution_time_ms),
      percent(phase.cpu_percent?.avg),
      memory(phase.memory_mb?.max),
      String(phase.error_count),
    ]),
    'This job has no phases.',
  );
}

function logTable(lines: readonly LogRecord[]): string {
  if (lines.length === 0) return '<p>There are no errors.</p>';
  const rows = lines.map(({ time, phase_id, message, error }) => {
    const stack = error?.stack === undefined ? '' : `<pre>${escaped(error.stack)}</pre>`;
    const text = error ? errorText(error) : message;
    return `<tr>${td(moment(time))}${td(phase_id ?? '-')}<td>${isolated(text)}${stack}</td></tr>`;
  });
  return `<table>${head(['Time (UTC)', 'Phase', 'Error'])}${rows.join('\n')}</table>`;
}

function timelineTable(job: JobContents): string {
  const rows = job.timeline.map(({ time, message }) => [moment(time), message]);
  return table(['Time (UTC)', 'What happened'], rows, 'Nothing has happened yet.');
}

function table(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string {
  if (rows.length === 0) return `<p>${none}</p>`;
  const lines = rows.map((row) => `<tr>${row.map(td).join('')}</tr>`);
  return `<table>${head(names)}${lines.join('\n')}</table>`;
}

function head(names: readonly string[]): string {
  return `<tr>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr>`;
}

function td(text: string): string {
  return `<td>${isolated(text)}</td>`;
}

function errorText(error: { message: string; type?: string | undefined }): string {
  const { type, message } = error;
  return errorLine(type === undefined ? { message } : { message, type });
}

/** `2026-03-04 10:00:04`, in UTC: a page that is made far from its reader cannot know their zone. */
function moment(time: string | null): string {
  if (time === null) return UNKNOWN;
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : at.toISOString().slice(0, 19).replace('T', ' ');
}
