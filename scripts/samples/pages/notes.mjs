// Leaflets, slips and notes. Everybody and everything in them is made up.
import { a4, a6Landscape, slip } from './paper.mjs';

const patientLeaflet = {
  name: 'patient-leaflet',
  format: 'png',
  size: a4,
  dpi: 150,
  font: 'serif',
  fontSize: 13.5,
  leading: 1.5,
  margin: 50,
  blocks: [
    { kind: 'heading', text: 'Looking After Your New Hip', size: 1.8, align: 'center' },
    { kind: 'gap', height: 10 },
    {
      kind: 'columns',
        gutter: 34,
      columns: [
        [
          { kind: 'lines', lines: ['The first week'], bold: true },
          {
            kind: 'paragraph',
            text: 'You will be tired after your operation, and it is normal to need more sleep than usual. Walk a little every hour while you are awake, and use both crutches until your therapist says that you can manage with one.',
          },
          {
            kind: 'paragraph',
            text: 'Keep the wound dry until the clips come out on day twelve. A small amount of clear fluid on the dressing is nothing to worry about.',
          },
          { kind: 'lines', lines: ['Medicines'], bold: true },
          {
            kind: 'paragraph',
            text: 'Take your painkillers regularly for ten days. The small injection each evening prevents clots in the legs and must not be missed.',
          },
        ],
        [
          { kind: 'lines', lines: ['Sitting and sleeping'], bold: true },
          {
            kind: 'paragraph',
            text: 'Choose a high chair with arms. Do not cross your legs, and do not bend forward to reach the floor. Sleep on your back with a pillow between your knees for six weeks.',
          },
          { kind: 'lines', lines: ['When to ring us'], bold: true },
          {
            kind: 'paragraph',
            text: 'Call the ward at any hour if your calf becomes hot and swollen, if the wound smells or is very red, or if you have a temperature above 38 degrees.',
          },
          {
            kind: 'paragraph',
            text: 'The number is 01632 960502. Ask for the nurse in charge of Juniper Ward.',
          },
        ],
      ],
    },
    { kind: 'footer', text: 'Quillhaven General Hospital, leaflet 27' },
  ],
  wear: [
    { warp: { degrees: 0.3 } },
    { blur: 0.6 },
    { tone: [28, 252] },
    { speckle: { perMegapixel: 15 } },
    { posterise: 16 },
  ],
};

const prescriptionNote = {
  name: 'prescription-note',
  format: 'jpg',
  quality: 62,
  size: slip,
  dpi: 165,
  font: 'mono',
  fontSize: 11,
  margin: 44,
  blocks: [
    { kind: 'heading', text: 'PRESCRIPTION NOTE', size: 1.2 },
    { kind: 'lines', lines: ['Fennbrook Medical Practice'] },
    {
      kind: 'lines',
      lines: ['Patient: Edwin Sparrow', 'Born: 30 October 1948', 'Issued: 7 February 2025'],
    },
    {
      kind: 'lines',
      lines: ['1. Metformin 500 mg tablets', 'One tablet twice daily with food', 'Supply 56 tablets'],
    },
    {
      kind: 'lines',
      lines: ['2. Atorvastatin 20 mg tablets', 'One tablet at night', 'Supply 28 tablets'],
    },
    {
      kind: 'lines',
      lines: ['3. Latanoprost eye drops', 'One drop in each eye at bedtime', 'Supply 1 bottle'],
    },
    {
      kind: 'paragraph',
      text: 'Review in four weeks. Stop the tablets and call the practice if there is any muscle pain.',
    },
    { kind: 'signature', width: 70 },
    { kind: 'lines', lines: ['Dr Simon Hallett'] },
  ],
  wear: [
    { fade: 0.3 },
    { warp: { degrees: -0.9 } },
    { blur: 0.8 },
    { tone: [85, 204] },
    { light: { x: 0.6, y: 0.3, falloff: 0.12 } },
    { speckle: { perMegapixel: 80 } },
    { noise: 9 },
  ],
};

const reminderSlip = {
  name: 'reminder-slip',
  format: 'bmp',
  size: a6Landscape,
  dpi: 150,
  font: 'serif',
  fontSize: 13,
  margin: 36,
  blocks: [
    { kind: 'heading', text: 'Vaccination Reminder' },
    { kind: 'lines', lines: ['Fennbrook Medical Practice'] },
    {
      kind: 'paragraph',
      text: 'Dear Tobias, our records show that your tetanus booster is now due. The nurse holds a clinic every Wednesday from 2 until 5 in the afternoon and you do not need an appointment.',
    },
    {
      kind: 'paragraph',
      text: 'Please bring this slip with you. If you have had the booster elsewhere, tell us the date so that we can update your notes.',
    },
    { kind: 'lines', lines: ['Sister Beatrice Nolan, Practice Nurse'] },
  ],
  wear: [
    { warp: { degrees: 0.6 } },
    { blur: 0.65 },
    { fade: 0.25 },
    { noise: 16 },
    { threshold: 150 },
    { speckle: { perMegapixel: 120 } },
  ],
};

export const notes = [patientLeaflet, prescriptionNote, reminderSlip];
