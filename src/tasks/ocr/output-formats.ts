/** What can be made of a document's pages. */
export const OUTPUT_FORMATS = ['text', 'hocr', 'tsv', 'pdf'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What the file of each output is called in the store. */
export const OUTPUT_FILES: Record<OutputFormat, string> = {
  text: 'text.txt',
  hocr: 'text.hocr',
  tsv: 'words.tsv',
  pdf: 'searchable.pdf',
};
