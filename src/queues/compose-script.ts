/** A Lua script as BullMQ ships it: it reads KEYS and ARGV and returns its reply. */
interface ShippedScript {
  name: string;
  content: string;
}

/**
 * Makes one atomic script out of scripts that BullMQ ships and a body of ours that calls them as
 * functions: `moveToActive(KEYS, ARGV)`. Their arguments arrive as Lua tables, so the unpacking
 * they do is replaced by handing the table on.
 */
export function composeScript(shipped: readonly ShippedScript[], body: string): string {
  const functions = shipped.map(
    ({ name, content }) => `local function ${name}(KEYS, ARGV)\n${content}\nend\n`,
  );
  const handOn =
    'local cmsgpack = { unpack = function(value) return value end, pack = cmsgpack.pack }\n';
  return handOn + functions.join('') + body;
}
