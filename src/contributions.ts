/** Every id that the extension contributes. A test holds package.json and package.nls.json to these tables, both ways. */

export interface CommandSpec {
  title: string;
  icon?: string;
  enablement?: string;
  /** False for commands that the palette does not list; a text for those it lists under a condition. */
  palette?: false | string;
}

/** The context keys that menus, welcome texts and enablements may name. */
export const CONTEXT_KEYS = {
  /** The `kind` of a `ServiceState`. */
  service: 'pipescope.service',
  hasJobs: 'pipescope.hasJobs',
  jobsGrouped: 'pipescope.jobsGrouped',
  jobsFiltered: 'pipescope.jobsFiltered',
  hasOpenAlerts: 'pipescope.hasOpenAlerts',
  hasAcknowledgedAlerts: 'pipescope.hasAcknowledgedAlerts',
  /** `looking` until the service has told, then `none` or `some`. */
  alertsState: 'pipescope.alertsState',
  alertsByJob: 'pipescope.alertsByJob',
  /** `looking` until the service has told, then `none` or `some`. */
  workersState: 'pipescope.workersState',
} as const;
export type ContextKey = keyof typeof CONTEXT_KEYS;

export const COMMANDS = {
  openDashboard: { title: 'Open Dashboard', icon: '$(dashboard)' },
  openDashboardToSide: { title: 'Open Dashboard to the Side', icon: '$(split-horizontal)' },
  openInBrowser: { title: 'Open Dashboard in Browser', icon: '$(link-external)' },
  compareJobs: { title: 'Compare Jobs...', icon: '$(git-compare)' },
  showWhatIsWrong: { title: 'Show What Is Wrong' },
  exportJob: { title: 'Export Job...', icon: '$(export)' },
  openError: { title: 'Open Error', icon: '$(go-to-file)' },
  openLog: { title: 'Open Job Log', icon: '$(output)' },
  showJobInDashboard: { title: 'Show Job in Dashboard', icon: '$(graph)' },
  pinJob: { title: 'Pin Job', icon: '$(pin)' },
  unpinJob: { title: 'Unpin Job', icon: '$(pinned)' },
  copyJobId: { title: 'Copy Job Id' },
  removeJob: { title: 'Remove Job...' },
  acknowledgeAlert: { title: 'Acknowledge Alert', icon: '$(check)' },
  acknowledgeAllAlerts: {
    title: 'Acknowledge All Alerts',
    icon: '$(check-all)',
    enablement: 'pipescope.hasOpenAlerts',
  },
  clearAcknowledgedAlerts: {
    title: 'Clear Acknowledged Alerts',
    icon: '$(clear-all)',
    enablement: 'pipescope.hasAcknowledgedAlerts',
  },
  sendTestAlert: { title: 'Send Test Alert...' },
  acknowledgeAlertWithNote: {
    title: 'Acknowledge with Note...',
    enablement: 'pipescope.hasOpenAlerts',
  },
  acknowledgeAlertFor: { title: 'Acknowledge for...', enablement: 'pipescope.hasOpenAlerts' },
  unacknowledgeAlert: {
    title: 'Take Back Acknowledgement',
    icon: '$(discard)',
    enablement: 'pipescope.hasAcknowledgedAlerts',
  },
  resolveAlert: { title: 'Resolve Alert...' },
  silenceAlert: { title: 'Silence This...', icon: '$(bell-slash)' },
  editAlertRule: { title: 'Edit Rule' },
  muteAlertRule: { title: 'Do Not Notify for This Rule' },
  unmuteAlertRule: { title: 'Notify Again for This Rule' },
  copyAlert: { title: 'Copy Alert' },
  configureAlerts: { title: 'Configure Alerts', icon: '$(gear)' },
  groupAlertsByJob: {
    title: 'Group Alerts by Job',
    icon: '$(list-tree)',
    palette: '!pipescope.alertsByJob',
  },
  groupAlertsBySeverity: {
    title: 'Group Alerts by Severity',
    icon: '$(flame)',
    palette: 'pipescope.alertsByJob',
  },
  startService: { title: 'Start Service', enablement: 'pipescope.service != connected' },
  stopService: {
    title: 'Stop Service',
    enablement: 'pipescope.service == connected || pipescope.service == refused',
  },
  restartService: { title: 'Restart Service' },
  showLogs: { title: 'Show Logs' },
  runDemo: { title: 'Run Demo Pipeline', icon: '$(beaker)' },
  copyReportingSnippet: { title: 'Copy Reporting Snippet...' },
  copyAgentLine: { title: 'Copy Worker Agent Line' },
  copyWorkerId: { title: 'Copy Worker Id', palette: false },
  copyTaskId: { title: 'Copy Task Id', palette: false },
  groupJobs: {
    title: 'Group Jobs by Pipeline',
    icon: '$(list-tree)',
    palette: '!pipescope.jobsGrouped',
  },
  ungroupJobs: {
    title: 'Show Jobs as a List',
    icon: '$(list-flat)',
    palette: 'pipescope.jobsGrouped',
  },
  filterJobsByState: { title: 'Filter Jobs by State...', icon: '$(filter)' },
  filterJobsByText: { title: 'Filter Jobs by Text...', icon: '$(search)' },
  clearJobFilter: {
    title: 'Clear Job Filter',
    icon: '$(filter-filled)',
    enablement: 'pipescope.jobsFiltered',
  },
} as const satisfies Record<string, CommandSpec>;
export type CommandName = keyof typeof COMMANDS;

export const CONTAINER = 'pipescope';
export const VIEWS = {
  jobs: 'pipescope.jobs',
  workers: 'pipescope.workers',
  alerts: 'pipescope.alerts',
} as const;
export const PANEL = 'pipescope.dashboard';
export const LOG_SCHEME = 'pipescope-log';
export const TASK_SCHEME = 'pipescope-task';
export const STATUS_ITEM = 'pipescope.status';

/** The settings and their defaults; the type of a value follows from its default. */
export const SETTINGS = {
  dataDir: '' as string,
  startWithWindow: false as boolean,
  keepRunning: false as boolean,
  'notifications.level': 'warning' as 'error' | 'warning' | 'off',
  'jobs.groupByPipeline': false as boolean,
  'jobs.maxShown': 200 as number,
  pathMappings: {} as Record<string, string>,
} as const;
export type SettingName = keyof typeof SETTINGS;
/** Paths and processes are a matter of the machine: no workspace may set them. */
export const MACHINE_SETTINGS: readonly SettingName[] = [
  'dataDir',
  'startWithWindow',
  'keepRunning',
];

export function commandId(name: CommandName): `pipescope.${CommandName}` {
  return `pipescope.${name}`;
}
