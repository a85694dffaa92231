import { connectRedis, type Redis } from '../queues/connection.js';
import { readWorkerSigns } from '../queues/heartbeats.js';
import { Keyspace } from '../queues/keyspace.js';
import { sendWorkerCommand, type WorkerCommand } from '../queues/worker-commands.js';

/** Where operators tell running workers what to do. */
export class WorkerDesk {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  private constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#keyspace = new Keyspace(prefix);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<WorkerDesk> {
    return new WorkerDesk(
      await connectRedis(redisUrl, { name: 'dsw-workers', manner: 'brisk' }),
      prefix,
    );
  }

  /**
   * Leaves a command, taken within a heartbeat, for workers, or for supervisors when it is theirs.
   * @param names whom to tell; none: all that run.
   * @returns those told.
   */
  async tell(command: WorkerCommand, names: readonly string[]): Promise<string[]> {
    const running = command.kind === 'scale' ? await this.#supervisors() : await this.#workers();
    const told = names.length === 0 ? running : running.filter((id) => names.includes(id));
    for (const id of told) await sendWorkerCommand(this.#redis, this.#keyspace, id, command);
    return told;
  }

  async close(): Promise<void> {
    await this.#redis.quit();
  }

  async #workers(): Promise<string[]> {
    const [hash, [seconds]] = await Promise.all([
      this.#redis.hgetall(this.#keyspace.workers),
      this.#redis.time(),
    ]);
    const workers = readWorkerSigns(hash, Number(seconds) * 1000);
    return workers.filter(({ state }) => state !== 'lost').map(({ id }) => id);
  }

  #supervisors(): Promise<string[]> {
    return this.#redis.hkeys(this.#keyspace.supervisors);
  }
}
