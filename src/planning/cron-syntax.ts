interface CronField {
  name: string;
  low: number;
  high: number;
  names: readonly string[];
  /** Forms beside numbers, ranges, lists and steps. */
  also?: RegExp;
  expected: string;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

const SECOND: CronField = { name: 'second', low: 0, high: 59, names: [], expected: '0-59' };

const FIELDS: readonly CronField[] = [
  { name: 'minute', low: 0, high: 59, names: [], expected: '0-59' },
  { name: 'hour', low: 0, high: 23, names: [], expected: '0-23' },
  {
    name: 'day of month',
    low: 1,
    high: 31,
    names: [],
    also: /^(L|LW|([1-9]|[12]\d|3[01])W)$/i,
    expected: '1-31, or L for the last',
  },
  { name: 'month', low: 1, high: 12, names: MONTHS, expected: '1-12 or jan-dec' },
  {
    name: 'day of week',
    low: 0,
    high: 7,
    names: DAYS,
    also: /^([0-7]|sun|mon|tue|wed|thu|fri|sat)(L|#[1-5])$/i,
    expected: '0-7 or sun-sat',
  },
];

const NICKNAMES = ['@hourly', '@daily', '@weekly', '@monthly', '@yearly'];
const LONGEST_MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * What is wrong with a cron expression, worded to follow "expected"; undefined when nothing is.
 * Five fields, or six with the second in front: numbers, names, `*`,
 * ranges `a-b`, lists `a,b`, and steps `/n` of `*` or a range.
 */
export function cronProblem(expression: string): string | undefined {
  const text = expression.trim();
  if (text.startsWith('@')) {
    return NICKNAMES.includes(text.toLowerCase()) ? undefined : `one of ${NICKNAMES.join(', ')}`;
  }
  const parts = text.split(/\s+/);
  if (text === '' || parts.length < FIELDS.length || parts.length > FIELDS.length + 1) {
    return 'five cron fields (minute, hour, day of month, month, day of week), or six with the second first';
  }
  const fields = parts.length === FIELDS.length ? FIELDS : [SECOND, ...FIELDS];
  const at = fields.findIndex((field, i) => !isField(parts[i] ?? '', field));
  const wrong = fields[at];
  if (wrong) {
    return `${wrong.expected} as the ${wrong.name} (field ${at + 1}, which is ${JSON.stringify(parts[at])})`;
  }
  return neverDue(parts.slice(-3)) ? 'a day that its month has' : undefined;
}

function isField(text: string, field: CronField): boolean {
  return text.split(',').every((item) => field.also?.test(item) === true || isItem(item, field));
}

function isItem(item: string, field: CronField): boolean {
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0) return false;
  // Sunday has two numbers, which makes the week's range one longer than the week.
  const size = field.names === DAYS ? DAYS.length : field.high - field.low + 1;
  if (step !== undefined && !isBetween(step, 1, size)) return false;
  if (range === '*') return true;
  const [from, to, ...rest] = range.split('-').map((part) => valueOf(part, field));
  if (from === undefined || rest.length > 0) return false;
  if (!range.includes('-')) return step === undefined;
  return to !== undefined && from <= to;
}

function valueOf(text: string, { low, high, names }: CronField): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + low;
  return isBetween(text, low, high) ? Number(text) : undefined;
}

function isBetween(text: string, low: number, high: number): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= low && Number(text) <= high;
}

/** Whether none of the named months has one of the named days: `0 0 31 2 *`. */
function neverDue([day = '', month = '', weekday = '']: readonly string[]): boolean {
  if (weekday !== '*' || !/^[\d,]+$/.test(day) || !/^[\w,]+$/.test(month)) return false;
  const first = Math.min(...day.split(',').map(Number));
  const months = month
    .split(',')
    .map((name) => MONTHS.indexOf(name.toLowerCase()) + 1 || Number(name));
  return months.every((number) => first > (LONGEST_MONTH_DAYS[number - 1] ?? 0));
}
