import { readEnvironment } from '../../src/config/environment.js';
import { settingsSchema } from '../../src/config/settings.js';
import { taskSettings, type TaskSettings } from '../../src/config/task-settings.js';

/** What tasks are told when dsw.yaml holds `settings` and the environment `env`. */
export function taskSettingsFrom(settings: object = {}, env: NodeJS.ProcessEnv = {}): TaskSettings {
  return taskSettings(settingsSchema.parse(settings), readEnvironment(env));
}
