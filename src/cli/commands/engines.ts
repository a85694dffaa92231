import type { Command } from 'commander';
import type { SettingFlags } from '../../config/load-settings.js';
import { formatEngines } from '../engine-view.js';
import { withExamples } from '../examples.js';
import { print, printJson } from '../output.js';

export function registerEngines(command: Command): void {
  command
    .option('--config <file>', 'settings file (default: dsw.yaml, if there is one)')
    .option('--json', 'print JSON')
    .action(showEngines);
  withExamples(command, ['dsw engines', 'dsw engines --json']);
}

async function showEngines(flags: SettingFlags & { json?: boolean }): Promise<void> {
  const { taskSettings } = await import('../../config/task-settings.js');
  const { loadSettings } = await import('../../config/load-settings.js');
  const { ocr, translation } = taskSettings(loadSettings(flags));
  const { describeOcr } = await import('../../tasks/ocr/describe-ocr.js');
  const { listTranslationEngines } = await import('../../tasks/translate/list-engines.js');
  const engines = [await describeOcr(ocr), ...(await listTranslationEngines(translation))];
  if (flags.json) printJson(engines);
  else print(formatEngines(engines));
}
