/** What dsw reads from the environment. The one place that does. */
export interface Environment {
  redisUrl: string | undefined;
  configPath: string | undefined;
  prefix: string | undefined;
  store: string | undefined;
  /** Keys of translation servers. */
  libreTranslateKey: string | undefined;
  openaiKey: string | undefined;
  /** Stack traces instead of one-line errors. */
  debug: boolean;
  noColor: boolean;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const text = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    redisUrl: text('REDIS_URL'),
    configPath: text('DSW_CONFIG'),
    prefix: text('DSW_PREFIX'),
    store: text('DSW_STORE'),
    libreTranslateKey: text('DSW_LIBRETRANSLATE_KEY'),
    openaiKey: text('DSW_OPENAI_KEY') ?? text('OPENAI_API_KEY'),
    debug: text('DSW_DEBUG') === '1',
    noColor: text('NO_COLOR') !== undefined,
  };
}

/** The environment for a child process: ours, with `values` on top. */
export function childEnvironment(values: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...values };
}

/** What native libraries ask for how many threads they may start. */
const THREAD_VARIABLES = [
  'OMP_THREAD_LIMIT',
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VIPS_CONCURRENCY',
];

/** Keeps c slots from starting c times as many threads as there are cores, unless the user set it so. */
export function pinNestedParallelism(): void {
  for (const name of THREAD_VARIABLES) process.env[name] ??= '1';
}
