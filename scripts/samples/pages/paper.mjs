// Sheet sizes in points, width first.
export const a4 = [595, 842];
export const a5 = [420, 595];
export const a6Landscape = [420, 298];
export const slip = [420, 470];
