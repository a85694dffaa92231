import * as z from 'zod';
import { strictObject } from '../config/strict-object.js';
import { validate } from '../config/validate.js';

const seconds = z.number().positive().optional();
const callable = (value: unknown): boolean => typeof value === 'function';

const taskSchema = strictObject({
  name: z.string().regex(/^[\w.-]{1,100}$/, 'letters, digits, "_", "." and "-"'),
  input: z.custom((value) => callable((value as z.ZodType | undefined)?.safeParse), 'a zod schema'),
  run: z.custom(callable, 'a function'),
  warmUp: z.custom(callable, 'a function').optional(),
  retry: strictObject({
    attempts: z.int().min(1).max(100).optional(),
    backoffSeconds: z.number().min(0).optional(),
    maxBackoffSeconds: z.number().min(0).optional(),
  }).optional(),
  softLimitSeconds: seconds,
  hardLimitSeconds: seconds,
});

/**
 * Checks what a module of the user's exports as a task.
 * @param where it stands, as a message says it.
 * @throws DswError `config` with a line for each thing that is wrong.
 */
export function checkTask(value: unknown, where: string): void {
  validate(taskSchema, { value, where: (path) => [where, ...path].map(String).join('.') });
}
