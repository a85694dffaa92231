/** What dsw reads from the environment. The one place that does. */
export interface Environment {
  redisUrl: string | undefined;
  configPath: string | undefined;
  prefix: string | undefined;
  store: string | undefined;
  /** Keys of translation servers. */
  libreTranslateKey: string | undefined;
  openaiKey: string | undefined;
  /** Signs webhooks, so that who is told knows by whom. */
  webhookSecret: string | undefined;
  s3: S3Environment;
  tracing: TracingEnvironment;
  /** Stack traces instead of one-line errors. */
  debug: boolean;
  noColor: boolean;
}

/** Where an S3 store is and who may use it, in the variables that all S3 programs know. */
export interface S3Environment {
  /** Of an S3-compatible server; without it Amazon's own. */
  endpoint: string | undefined;
  region: string | undefined;
  /** Without a key, the official client looks further: profiles, roles of the machine. */
  accessKeyId: string | undefined;
  secretAccessKey: string | undefined;
  sessionToken: string | undefined;
}

/** What OpenTelemetry's standard variables say of tracing; its library reads the others itself. */
export interface TracingEnvironment {
  disabled: boolean;
  /** The variable that names the receiver, and what it holds. */
  endpoint: { name: string; value: string } | undefined;
  protocol: string | undefined;
  /** The variable that gives a batch of spans another time than dsw's, and its milliseconds. */
  timeout: { name: string; value: string } | undefined;
}

const OTLP = 'OTEL_EXPORTER_OTLP';

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const text = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const firstOf = (...names: string[]): { name: string; value: string } | undefined =>
    names.flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [{ name, value }];
    })[0];
  return {
    redisUrl: text('REDIS_URL'),
    configPath: text('DSW_CONFIG'),
    prefix: text('DSW_PREFIX'),
    store: text('DSW_STORE'),
    libreTranslateKey: text('DSW_LIBRETRANSLATE_KEY'),
    openaiKey: text('DSW_OPENAI_KEY') ?? text('OPENAI_API_KEY'),
    webhookSecret: text('DSW_WEBHOOK_SECRET'),
    s3: {
      endpoint: text('AWS_ENDPOINT_URL_S3') ?? text('AWS_ENDPOINT_URL'),
      region: text('AWS_REGION') ?? text('AWS_DEFAULT_REGION'),
      accessKeyId: text('AWS_ACCESS_KEY_ID'),
      secretAccessKey: text('AWS_SECRET_ACCESS_KEY'),
      sessionToken: text('AWS_SESSION_TOKEN'),
    },
    tracing: {
      disabled:
        text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' ||
        text('OTEL_TRACES_EXPORTER') === 'none',
      endpoint: firstOf(`${OTLP}_TRACES_ENDPOINT`, `${OTLP}_ENDPOINT`),
      timeout: firstOf(`${OTLP}_TRACES_TIMEOUT`, `${OTLP}_TIMEOUT`),
      protocol: firstOf(`${OTLP}_TRACES_PROTOCOL`, `${OTLP}_PROTOCOL`)?.value,
    },
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
