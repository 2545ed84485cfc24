import { t } from '@vscode/l10n';
import { css, html, nothing, type TemplateResult } from 'lit';
import { statusWord } from '../../../service/protocol/describe.ts';
import type { Severity, Status } from '../../../service/protocol/states.ts';
import { icon, type IconName } from '../../icons.ts';

const STATUS_ICONS: Record<Status, IconName> = {
  PENDING: 'circle',
  RUNNING: 'dot',
  COMPLETED: 'pass',
  FAILED: 'error',
  CANCELLED: 'circleSlash',
  SKIPPED: 'stepOver',
  STALE: 'question',
};

const SEVERITY_ICONS: Record<Severity, IconName> = {
  INFO: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'flame',
};

const SEVERITY_LABELS: Record<Severity, () => string> = {
  INFO: () => t('Info'),
  WARNING: () => t('Warning'),
  ERROR: () => t('Error'),
  CRITICAL: () => t('Critical'),
};

/** The icon of a status in its colour; the word has to stand somewhere near. */
export function statusIcon(status: Status): TemplateResult {
  return icon(STATUS_ICONS[status], `status ${status}`, status === 'RUNNING' ? inStep : nothing);
}

/** All that runs pulses together: each on its own would have the page drawn sixty times a second for them. */
const inStep = (event: AnimationEvent): void => {
  for (const animation of (event.currentTarget as Element).getAnimations()) animation.startTime = 0;
};

export function statusLabel(status: Status): TemplateResult {
  return html`<span class="labelled">${statusIcon(status)} ${statusWord(status)}</span>`;
}

export function severityLabel(severity: Severity): TemplateResult {
  return html`<span class="labelled severity ${severity}"
    >${icon(SEVERITY_ICONS[severity])} <span>${SEVERITY_LABELS[severity]()}</span></span
  >`;
}

export const statusStyles = css`
  .labelled {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    white-space: nowrap;
  }
  .status.PENDING {
    color: var(--ps-PENDING);
  }
  .status.RUNNING {
    color: var(--ps-RUNNING);
    animation: pulse 1.6s steps(4) infinite;
  }
  .status.COMPLETED {
    color: var(--ps-COMPLETED);
  }
  .status.FAILED {
    color: var(--ps-FAILED);
  }
  .status.CANCELLED,
  .status.SKIPPED {
    color: var(--ps-CANCELLED);
  }
  .status.STALE {
    color: var(--ps-STALE);
  }
  .severity.INFO .icon {
    color: var(--vscode-charts-blue, #3794ff);
  }
  .severity.WARNING .icon {
    color: var(--ps-warn);
  }
  .severity.ERROR .icon,
  .severity.CRITICAL .icon {
    color: var(--ps-bad);
  }
  .severity.CRITICAL {
    font-weight: 600;
  }
  @keyframes pulse {
    50% {
      opacity: 0.35;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .status.RUNNING {
      animation: none;
    }
  }
`;
