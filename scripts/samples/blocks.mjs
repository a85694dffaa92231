// How each kind of block is drawn. A block moves pen.y down and adds its lines to pen.lines.

export const blockDrawers = {
  heading: (pen, { text, size = 1.35, align }) => {
    writeLine(pen, text, { bold: true, size: pen.size * size, align });
    pen.y += pen.size * 0.3;
  },
  lines: (pen, { lines, align, bold }) => {
    for (const line of lines) writeLine(pen, line, { align, bold });
    endBlock(pen);
  },
  paragraph: (pen, { text }) => {
    for (const line of wrap(pen, text)) writeLine(pen, line);
    endBlock(pen);
  },
  gap: (pen, { height }) => {
    pen.y += height;
  },
  rule: (pen) => {
    stroke(pen, [pen.left, pen.y, pen.right, pen.y], 0.8);
    pen.y += pen.size * 0.7;
  },
  footer: drawFooter,
  logo: drawLogo,
  fields: drawFields,
  table: drawTable,
  columns: drawColumns,
  signature: drawSignature,
};

function setFont(pen, { bold = false, size = pen.size } = {}) {
  pen.context.font = `${size}px sample-${pen.font}${bold ? '-bold' : ''}`;
}

function writeLine(pen, text, { bold, size = pen.size, align = 'left' } = {}) {
  setFont(pen, { bold, size });
  const edge = { left: pen.left, center: (pen.left + pen.right) / 2, right: pen.right }[align];
  pen.context.textAlign = align;
  pen.context.fillText(text, edge, pen.y + size);
  pen.y += size * pen.leading;
  pen.lines.push(text);
}

function endBlock(pen) {
  pen.y += pen.size * 0.6;
  pen.lines.push('');
}

function wrap(pen, text) {
  setFont(pen);
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (pen.context.measureText(longer).width > pen.right - pen.left) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function stroke({ context }, [x1, y1, x2, y2], width) {
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Small print at the foot of the sheet, whatever has come before. */
function drawFooter(pen, { text }) {
  const size = pen.size * 0.85;
  pen.y = Math.max(pen.y, pen.bottom - size);
  writeLine(pen, text, { size, align: 'center' });
}

/** A practice's mark in the page's top right corner: a filled disc with a white cross. */
function drawLogo(pen, { radius = 24 }) {
  const { context } = pen;
  const [x, y] = [pen.right - radius, pen.y + radius];
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = 'white';
  context.fillRect(x - radius * 0.16, y - radius * 0.6, radius * 0.32, radius * 1.2);
  context.fillRect(x - radius * 0.6, y - radius * 0.16, radius * 1.2, radius * 0.32);
  context.fillStyle = 'black';
}

/** Rows of boxes, each with a bold label and its value on one line. */
function drawFields(pen, { rows, widths }) {
  const height = pen.size * 2.2;
  for (const row of rows) {
    const shares = row.length === 1 ? [1] : widths;
    let x = pen.left;
    row.forEach(([label, value], i) => {
      const width = (pen.right - pen.left) * shares[i];
      pen.context.lineWidth = 0.8;
      pen.context.strokeRect(x, pen.y, width, height);
      writeField(pen, `${label}:`, value, x + pen.size * 0.6, pen.y + height * 0.66);
      x += width;
    });
    pen.lines.push(row.map(([label, value]) => `${label}: ${value}`).join(' '));
    pen.y += height;
  }
  endBlock(pen);
}

function writeField(pen, label, value, x, baseline) {
  pen.context.textAlign = 'left';
  setFont(pen, { bold: true });
  pen.context.fillText(label, x, baseline);
  const indent = pen.context.measureText(`${label} `).width + pen.size * 0.2;
  setFont(pen);
  pen.context.fillText(value, x + indent, baseline);
}

/** A table with its head in the first row; `align` names each column's side. */
function drawTable(pen, { rows, widths, align, grid = true }) {
  const height = pen.size * 2;
  const top = pen.y;
  const edges = [pen.left];
  for (const share of widths) edges.push(edges.at(-1) + share * (pen.right - pen.left));
  rows.forEach((row, r) => {
    setFont(pen, { bold: r === 0 });
    row.forEach((cell, c) => writeCell(pen, cell, align[c], edges[c], edges[c + 1]));
    pen.lines.push(row.filter(Boolean).join(' '));
    if (grid || r < 2) stroke(pen, [pen.left, pen.y, pen.right, pen.y], r < 2 ? 1.1 : 0.5);
    pen.y += height;
  });
  stroke(pen, [pen.left, pen.y, pen.right, pen.y], 1.1);
  if (grid) for (const edge of edges) stroke(pen, [edge, top, edge, pen.y], 0.7);
  endBlock(pen);
}

function writeCell({ context, size, y }, text, side, left, right) {
  context.textAlign = side;
  context.fillText(text, side === 'left' ? left + size * 0.9 : right - size * 0.9, y + size * 1.32);
}

/** Columns side by side; the text is that of the first one, then of the next. */
function drawColumns(pen, { columns, gutter = 22 }, drawBlocks) {
  const width = (pen.right - pen.left - gutter * (columns.length - 1)) / columns.length;
  let bottom = pen.y;
  columns.forEach((blocks, i) => {
    const left = pen.left + i * (width + gutter);
    const column = { ...pen, left, right: left + width };
    drawBlocks(column, blocks);
    bottom = Math.max(bottom, column.y);
  });
  pen.y = bottom;
}

/** A pen's scrawl: ups and downs that lean and get smaller, joined by curves. */
function drawSignature(pen, { width = 130, height = 40 }) {
  const { context, random } = pen;
  const middle = pen.y + height / 2;
  const turns = 12 + Math.floor(random() * 5);
  const points = Array.from({ length: turns }, (_, i) => {
    const along = i / (turns - 1);
    const tall = height * (0.2 + 0.5 * random()) * (i < 4 ? 1.3 : 1 - 0.6 * along);
    const lean = i % 2 === 0 ? -4 : 6;
    return [
      pen.left + width * along + lean + 5 * random(),
      middle + (i % 2 === 0 ? tall * 0.6 : -tall),
    ];
  });
  points.push([pen.left + width * 1.25, middle - 4]);
  context.lineWidth = 0.9;
  context.beginPath();
  context.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = points[i];
    const [nextX, nextY] = points[i + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(...points.at(-1));
  context.stroke();
  pen.y += height + pen.size * 0.4;
}
