import { t } from '@vscode/l10n';
import type { CommandName } from './contributions.ts';

/** Commands that messages offer, and what their buttons say: the titles that they have in the palette. */
export const NEXT_STEPS = {
  runDemo: () => t('Run Demo Pipeline'),
  restartService: () => t('Restart Service'),
  showLogs: () => t('Show Logs'),
} as const satisfies Partial<Record<CommandName, () => string>>;
export type NextStep = keyof typeof NEXT_STEPS;
