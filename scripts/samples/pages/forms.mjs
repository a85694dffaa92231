// Forms: boxes, labels, ruled tables. Everybody and everything in them is made up.
import { a4, a5 } from './paper.mjs';

const labReport = {
  name: 'lab-report',
  format: 'png',
  size: a4,
  dpi: 150,
  font: 'sans',
  fontSize: 12.5,
  leading: 1.5,
  margin: 54,
  blocks: [
    { kind: 'heading', text: 'Thornmere Pathology Laboratory' },
    { kind: 'lines', lines: ['Clinical Biochemistry and Haematology Report'] },
    {
      kind: 'fields',
      widths: [0.56, 0.44],
      rows: [
        [
          ['Patient', 'Nora Whitcombe'],
          ['Date of birth', '17/08/1969'],
        ],
        [
          ['Requested by', 'Dr Simon Hallett'],
          ['Laboratory number', '2506-1187'],
        ],
        [
          ['Specimen', 'Venous blood'],
          ['Collected', '05/05/2025 08:45'],
        ],
      ],
    },
    {
      kind: 'table',
      widths: [0.34, 0.16, 0.16, 0.22, 0.12],
      align: ['left', 'right', 'left', 'left', 'left'],
      rows: [
        ['Test', 'Result', 'Unit', 'Reference', 'Flag'],
        ['Haemoglobin', '11.2', 'g/dL', '11.5-16.5', 'Low'],
        ['White cell count', '7.4', 'G/L', '4.0-11.0', ''],
        ['Platelets', '268', 'G/L', '150-400', ''],
        ['Ferritin', '9', 'ng/mL', '15-200', 'Low'],
        ['Sodium', '139', 'mmol/L', '133-146', ''],
        ['Potassium', '4.3', 'mmol/L', '3.5-5.3', ''],
        ['Urea', '5.8', 'mmol/L', '2.5-7.8', ''],
        ['Creatinine', '0.86', 'mg/dL', '0.50-1.10', ''],
        ['Glucose, fasting', '6.4', 'mmol/L', '3.9-6.0', 'High'],
        ['Alanine transaminase', '27', 'U/L', '10-40', ''],
      ],
    },
    {
      kind: 'paragraph',
      text: 'Comment: the low ferritin suggests iron deficiency. Please repeat the fasting glucose within three months.',
    },
    { kind: 'lines', lines: ['Authorised by Dr Mabel Crane, 06/05/2025 14:20'] },
    { kind: 'footer', text: 'Thornmere Pathology Laboratory - page 1 of 1' },
  ],
  wear: [{ blur: 0.55 }, { tone: [30, 255] }, { posterise: 16 }],
};

const invoicePhoto = {
  name: 'invoice-photo',
  format: 'jpg',
  quality: 68,
  tint: [255, 240, 214],
  size: a5,
  dpi: 195,
  font: 'sans',
  fontSize: 12.5,
  leading: 1.5,
  margin: 44,
  blocks: [
    { kind: 'heading', text: 'Brackenholt Physiotherapy' },
    { kind: 'lines', lines: ['Unit 3, Old Dairy Yard, Fennbrook'] },
    { kind: 'lines', lines: ['INVOICE 2025-0412'], bold: true },
    { kind: 'lines', lines: ['Date: 30 April 2025', 'Bill to: Mr Leonard Tighe'] },
    {
      kind: 'table',
      grid: false,
      widths: [0.2, 0.55, 0.25],
      align: ['left', 'left', 'right'],
      rows: [
        ['Visits', 'Treatment', 'Amount'],
        ['1 visit', 'First assessment', '62.00'],
        ['4 visits', 'Knee exercises', '168.00'],
        ['2 visits', 'Ultrasound therapy', '74.00'],
        ['1 item', 'Elastic bandage', '9.50'],
        ['', 'Total due', '313.50'],
      ],
    },
    {
      kind: 'paragraph',
      text: 'Please pay within 30 days and quote the invoice number. Cash, card or bank transfer are all welcome at the front desk.',
    },
    {
      kind: 'paragraph',
      text: 'Visits missed without a day of notice are charged in full. Thank you for your custom.',
    },
  ],
  wear: [
    { tone: [35, 240] },
    {
      warp: {
        degrees: -1.2,
        tiltX: 0.04,
        tiltY: -0.08,
        bend: 0.004,
        zoom: 0.95,
        around: 92,
        grain: 50,
      },
    },
    { blur: 1.2 },
    { light: { x: 0.25, y: 0.2, falloff: 0.4, shadow: 0.25 } },
    { noise: 5 },
  ],
};

const registrationForm = {
  name: 'registration-form',
  format: 'webp',
  quality: 62,
  size: a4,
  dpi: 135,
  font: 'serif',
  fontSize: 13,
  leading: 1.5,
  margin: 52,
  blocks: [
    { kind: 'heading', text: 'New Patient Registration', align: 'center' },
    { kind: 'lines', lines: ['Pebble Street Dental Surgery'], align: 'center' },
    {
      kind: 'paragraph',
      text: 'Please complete this form in capital letters and hand it to the receptionist before your first visit.',
    },
    { kind: 'lines', lines: ['Part 1. About you'], bold: true },
    {
      kind: 'fields',
      widths: [0.5, 0.5],
      rows: [
        [
          ['Surname', 'FARROW'],
          ['First name', 'GEORGE'],
        ],
        [
          ['Date of birth', '22 MAY 1983'],
          ['Telephone', '01632 960388'],
        ],
        [['Address', '9 ORCHARD RISE, FENNBROOK']],
        [['Occupation', 'LORRY DRIVER']],
      ],
    },
    { kind: 'lines', lines: ['Part 2. Your health'], bold: true },
    {
      kind: 'fields',
      widths: [0.5, 0.5],
      rows: [
        [['Allergies', 'PENICILLIN']],
        [['Regular medicines', 'SALBUTAMOL INHALER']],
        [
          ['Do you smoke', 'NO'],
          ['Heart disease', 'NO'],
        ],
        [
          ['Asthma', 'YES'],
          ['Diabetes', 'NO'],
        ],
      ],
    },
    {
      kind: 'paragraph',
      text: 'I confirm that the answers above are correct and I agree that my records may be requested from my previous surgery.',
    },
    { kind: 'signature' },
    { kind: 'lines', lines: ['Signed on 16 October 2024'] },
    { kind: 'footer', text: 'Form 4B, revised January 2023' },
  ],
  wear: [
    { showThrough: 0.06 },
    { warp: { degrees: -0.7, around: 225 } },
    { blur: 0.7 },
    { tone: [45, 246] },
    { crease: 0.5 },
    { noise: 4 },
  ],
};

export const forms = [labReport, invoicePhoto, registrationForm];
