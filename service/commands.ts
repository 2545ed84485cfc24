/** What a person asks for. A command becomes events; its effect comes back as records, like everything else. */
import { acknowledge, alertsOf, clearAcknowledged, knownAlert } from './commands/alerts.ts';
import { raiseTest, resolve, unacknowledge } from './commands/alerts.ts';
import type { CommandContext, CommandResult } from './commands/context.ts';
import { runDefinition } from './commands/definitions.ts';
import { removeJob } from './commands/jobs.ts';
import {
  type ControlCommand,
  applyOptimization,
  dismissOptimization,
  invokeAction,
} from './commands/optimizations.ts';
import { assertNever } from './protocol/errors.ts';
import type { Command, DefinitionCommand } from './protocol/frame.ts';

/** Commands that concern the service, not one connection. */
export type ServiceCommand = Exclude<Command, { command: 'topics.set' }>;
type OwnCommand = Exclude<ServiceCommand, DefinitionCommand | ControlCommand>;

/** Runs a command. Throws ALERT_UNKNOWN, JOB_UNKNOWN, RULE_INVALID... */
export async function runCommand(
  command: ServiceCommand,
  context: CommandContext,
): Promise<CommandResult> {
  switch (command.command) {
    case 'rule.set':
    case 'rule.reset':
    case 'rule.preview':
    case 'channel.set':
    case 'channel.reset':
    case 'channel.secrets':
    case 'channel.test':
    case 'silence.set':
    case 'silence.end':
    case 'notification.send_again':
      return runDefinition(command, context);
    case 'optimization.apply':
      return { body: await applyOptimization(command, context) };
    case 'optimization.dismiss':
      return { body: await dismissOptimization(command, context) };
    case 'action.invoke':
      return { body: await invokeAction(command, context) };
    default:
      return { count: await runOwn(command, context) };
  }
}

/** The number says how many records it concerned. */
function runOwn(command: OwnCommand, context: CommandContext): Promise<number> {
  switch (command.command) {
    case 'alert.acknowledge':
      return acknowledge([knownAlert(context, command.alert_id)], command, context);
    case 'alert.acknowledge_all':
      return acknowledge(alertsOf(context, command.job_id), command, context);
    case 'alert.unacknowledge':
      return unacknowledge(command, context);
    case 'alert.clear_acknowledged':
      return clearAcknowledged(command.by, context);
    case 'alert.resolve':
      return resolve(command, context);
    case 'alert.test':
      return raiseTest(context);
    case 'job.remove':
      return removeJob(command, context);
    case 'service.stop':
      context.stop();
      return Promise.resolve(0);
    default:
      return assertNever(command);
  }
}
