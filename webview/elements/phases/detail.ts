/** What is opened below a phase's row: its error, times, sub-phases, metrics, log lines and artifacts. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import {
  bytes,
  count,
  duration,
  errorLine,
  exactTime,
  phaseLabel,
} from '../../../service/protocol/describe.ts';
import type {
  ArtifactRecord,
  LogRecord,
  PhaseRecord,
  SubPhaseRecord,
} from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { etaDetail, etaWords, usualWords } from '../../eta.ts';
import { freeValue, preciseTime } from '../../format.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { statusLabel } from '../shared/status.ts';

/** More are in the export; nobody reads that many here. */
const MOST = 50;

export function phaseDetail(app: App, phase: PhaseRecord): TemplateResult {
  const { detail } = app.store;
  const logs = detail?.logsOf(phase.phase_id) ?? [];
  return html`
    ${errorPart(app, phase)} ${phase.message === null ? nothing : html`<p>${phase.message}</p>`}
    ${phase.reason === null ? nothing : html`<p>${phase.reason}</p>`}
    <p class="caption">${timesOf(phase)}</p>
    ${etaPart(app, phase)} ${metricsPart(t('Metrics'), phase.metrics)}
    ${subPhasesPart(detail?.subPhasesOf(phase.phase_id) ?? [])}
    ${logPart(logs.filter((log) => log.level !== 'info'))}
    ${artifactsPart(detail?.artifactsOf(phase.phase_id) ?? [])}
  `;
}

function errorPart(app: App, phase: PhaseRecord): Content {
  const { error } = phase;
  if (!error) return nothing;
  const open = (): void =>
    app.session.request({
      type: 'host',
      action: 'open_error',
      job_id: phase.job_id,
      phase_id: phase.phase_id,
    });
  const place =
    error.file === undefined
      ? ''
      : ` ${t('in {0}', error.line === undefined ? error.file : `${error.file}:${error.line}`)}`;
  return html`
    <p class="errortext">${errorLine(error)}${place}</p>
    ${
      app.session.home === 'vscode'
        ? html`<vscode-button
            appearance="secondary"
            aria-label=${t('Open error of {0}', phaseLabel(phase))}
            @click=${open}
            >${t('Open Error')}</vscode-button
          >`
        : nothing
    }
    ${error.stack === undefined ? nothing : html`<pre tabindex="0" aria-label=${t('Stack trace')}>${error.stack}</pre>`}
  `;
}

function timesOf(phase: PhaseRecord): string {
  const parts: string[] = [];
  if (phase.started_at !== null) parts.push(t('Started {0}', exactTime(phase.started_at)));
  if (phase.ended_at !== null) parts.push(t('ended {0}', exactTime(phase.ended_at)));
  const usual = usualWords(phase);
  if (usual !== '') parts.push(usual);
  if (phase.attempt > 1) parts.push(t('attempt {0}', phase.attempt));
  if (phase.depends_on.length > 0) parts.push(t('after {0}', phase.depends_on.join(', ')));
  if (phase.worker_id !== null) parts.push(t('on {0}', phase.worker_id));
  return parts.length === 0 ? t('Not started.') : `${parts.join(' · ')}.`;
}

function etaPart(app: App, phase: PhaseRecord): Content {
  const now = app.clock.now();
  const words = etaWords(phase, now);
  return words === '' ? nothing : html`<p class="caption">${words}. ${etaDetail(phase, now)}</p>`;
}

function metricsPart(title: string, metrics: Record<string, unknown>): Content {
  if (Object.keys(metrics).length === 0) return nothing;
  return html`<h3>${title}</h3>
    <p class="number">${metricLine(metrics)}</p>`;
}

function metricLine(metrics: Record<string, unknown>): string {
  return Object.entries(metrics)
    .slice(0, MOST)
    .map(([name, value]) => `${name} ${freeValue(value)}`)
    .join(' · ');
}

function subPhasesPart(subPhases: readonly SubPhaseRecord[]): Content {
  const row = (sub: SubPhaseRecord): TemplateResult =>
    html`<li>
      <span>${sub.name}</span> ${statusLabel(sub.status)}
      <span class="number">${duration(sub.duration_ms)}</span>
      <span class="muted number">${metricLine(sub.metrics)}</span>
    </li>`;
  return list(t('Sub-phases'), subPhases, row);
}

function logPart(logs: readonly LogRecord[]): Content {
  const row = (log: LogRecord): TemplateResult =>
    html`<li>
      <span class="labelled severity ${log.level === 'error' ? 'ERROR' : 'WARNING'}"
        >${icon(log.level === 'error' ? 'error' : 'warning')}<span class="spoken"
          >${log.level}</span
        >
        <span>${log.message}</span></span
      ><span class="caption" title=${exactTime(log.time)}>${preciseTime(log.time)}</span>
    </li>`;
  return list(t('Errors and warnings'), logs, row);
}

function artifactsPart(artifacts: readonly ArtifactRecord[]): Content {
  const row = (artifact: ArtifactRecord): TemplateResult =>
    html`<li>
      <span class="labelled">${icon('file')}<span>${artifact.path}</span></span>
      <span class="muted">${artifact.kind ?? ''}</span>
      <span class="muted number"
        >${artifact.size_bytes === null ? '' : bytes(artifact.size_bytes)}</span
      >
    </li>`;
  return list(t('Artifacts'), artifacts, row);
}

function list<T>(title: string, all: readonly T[], row: (item: T) => TemplateResult): Content {
  if (all.length === 0) return nothing;
  const rest = all.length - MOST;
  return html`<h3>${title}</h3>
    <ul>
      ${all.slice(0, MOST).map(row)}
    </ul>
    ${rest > 0 ? html`<p class="caption">${count(rest, t('{0} more line in the export.'), t('{0} more lines in the export.'))}</p>` : nothing}`;
}
