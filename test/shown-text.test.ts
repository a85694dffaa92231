import { expect, it } from 'vitest';
import { oneLine, oneMessage } from '../src/shown-text.js';

it.each([
  ['../../etc/passwd', '../../etc/passwd'],
  ['Befund Müller – 2026 (検査).pdf', 'Befund Müller – 2026 (検査).pdf'],
  ['a\r\nb', 'a\ufffd\ufffdb'],
  ['\u001b]0;title\u0007.png', '\ufffd]0;title\ufffd.png'],
  ['\u009b2J', '\ufffd2J'],
  ['invoice\u202egpj.exe', 'invoice\ufffdgpj.exe'],
  ['\u2066a\u2069\u200f', '\ufffda\ufffd\ufffd'],
  ['line\u2028paragraph\u2029', 'line\ufffdparagraph\ufffd'],
])('shows the name %j on one line', (name, shown) => {
  expect(oneLine(name)).toBe(shown);
});

it("makes a message's lines one", () => {
  expect(oneMessage('server said:\r\n  busy\u001b[31m\n')).toBe('server said: busy\ufffd[31m');
});
