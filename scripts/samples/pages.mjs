// The pages of samples/: what stands on each, and what has happened to it since.
import { forms } from './pages/forms.mjs';
import { letters } from './pages/letters.mjs';
import { notes } from './pages/notes.mjs';

export const pages = [...letters, ...forms, ...notes];
