/** The commands about rules, channels, silences and the outbox; the REST routes do the same. */
import { assertNever } from '../protocol/errors.ts';
import type { DefinitionCommand } from '../protocol/frame.ts';
import { removeOrResetChannel, setChannel, setSecrets, testChannel } from './channels.ts';
import type { CommandContext, CommandResult } from './context.ts';
import { previewRule, removeOrReset, setRule } from './rules.ts';
import { endSilence, setSilence } from './silences.ts';

/** Answers the record as it is then, or what was asked for; null for what is gone. */
export async function runDefinition(
  command: DefinitionCommand,
  context: Pick<CommandContext, 'monitor' | 'signal'>,
): Promise<CommandResult> {
  return { body: await bodyOf(command, context) };
}

function bodyOf(
  command: DefinitionCommand,
  { monitor, signal }: Pick<CommandContext, 'monitor' | 'signal'>,
): Promise<unknown> {
  switch (command.command) {
    case 'rule.set':
      return setRule(monitor, command.rule, { mode: 'set', ...command });
    case 'rule.reset':
      return removeOrReset(monitor, command.rule_id, command.by);
    case 'rule.preview':
      return previewRule(monitor, command.rule, { hours: command.hours, signal });
    case 'channel.set':
      return setChannel(monitor, command, { mode: 'set', ...command });
    case 'channel.reset':
      return removeOrResetChannel(monitor, command.channel_id, command.by);
    case 'channel.secrets':
      return setSecrets(monitor, command.channel_id, { secrets: command.secrets, keep: 'memory' });
    case 'channel.test':
      return testChannel(monitor, command.channel_id);
    case 'silence.set':
      return setSilence(monitor, command.silence, { mode: 'set', ...command });
    case 'silence.end':
      return endSilence(monitor, command.silence_id, command);
    case 'notification.send_again':
      return monitor.alerting.outbox.sendAgain(command.notification_id, command.by);
    default:
      return assertNever(command);
  }
}
