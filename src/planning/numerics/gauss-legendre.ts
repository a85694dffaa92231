/** Nodes in (−1, 1) and weights of a Gauss–Legendre rule. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre rule with `size` nodes, exact for polynomials up to degree 2·size − 1. Nodes are
 * the roots of the Legendre polynomial, found by Newton's method from Tricomi's first guess.
 */
export function gaussLegendre(size: number): QuadratureRule {
  const nodes = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (size + 0.5));
    let slope = 1;
    for (let step = 0; step < 6; step++) {
      const [value, derivative] = legendre(size, x);
      slope = derivative;
      x -= value / derivative;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** Value and derivative of the Legendre polynomial of that degree at x. */
function legendre(degree: number, x: number): [value: number, derivative: number] {
  let previous = 1;
  let current = x;
  for (let n = 2; n <= degree; n++) {
    [previous, current] = [current, ((2 * n - 1) * x * current - (n - 1) * previous) / n];
  }
  return [current, (degree * (x * current - previous)) / (x * x - 1)];
}
