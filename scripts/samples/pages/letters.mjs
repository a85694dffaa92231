// Letters: typed, signed, folded, faxed. Everybody and everything in them is made up.
import { a4, a5 } from './paper.mjs';

const referralLetter = {
  name: 'referral-letter',
  format: 'png',
  size: a4,
  dpi: 150,
  font: 'serif',
  fontSize: 13,
  leading: 1.45,
  margin: 64,
  blocks: [
    { kind: 'logo' },
    { kind: 'heading', text: 'Fennbrook Medical Practice' },
    { kind: 'lines', lines: ['14 Mill Lane, Fennbrook', 'Telephone 01632 960144'] },
    { kind: 'rule' },
    { kind: 'lines', lines: ['12 March 2025'], align: 'right' },
    {
      kind: 'lines',
      lines: ['Dr Helen Marsh', 'Department of Cardiology', 'Quillhaven General Hospital'],
    },
    { kind: 'lines', lines: ['Dear Dr Marsh,'] },
    { kind: 'lines', lines: ['Re: Mr Arthur Pell, born 4 June 1957'], bold: true },
    {
      kind: 'paragraph',
      text: 'Thank you for seeing this retired teacher, who has had chest tightness on walking uphill for the last six weeks. The pain settles within a few minutes of rest and does not spread to the arm or jaw. He stopped smoking eleven years ago.',
    },
    {
      kind: 'paragraph',
      text: 'His blood pressure today was 148 over 86 and his pulse was regular at 72. Heart sounds were normal and there was no swelling of the ankles. A resting electrocardiogram showed no acute change. His cholesterol in February was 6.1 mmol per litre.',
    },
    {
      kind: 'paragraph',
      text: 'I have started aspirin 75 mg once daily and given him a spray to use when the pain comes. He takes amlodipine 5 mg and has no known allergies. I would be grateful for your opinion and for an exercise test.',
    },
    { kind: 'lines', lines: ['Yours sincerely,'] },
    { kind: 'signature' },
    { kind: 'lines', lines: ['Dr Simon Hallett', 'General Practitioner'] },
    { kind: 'footer', text: 'Fennbrook Medical Practice - letters are copied to the patient' },
  ],
  wear: [{ blur: 0.55 }, { tone: [18, 255] }, { posterise: 16 }],
};

const appointmentLetter = {
  name: 'appointment-letter',
  format: 'png',
  size: a5,
  dpi: 170,
  font: 'sans',
  fontSize: 12,
  leading: 1.5,
  margin: 46,
  blocks: [
    { kind: 'heading', text: 'Marrowdale Eye Clinic', align: 'center' },
    { kind: 'lines', lines: ['Outpatient Appointments, Level 2'], align: 'center' },
    { kind: 'rule' },
    { kind: 'lines', lines: ['Our reference: MEC 40718', 'Date: 3 September 2024'] },
    { kind: 'lines', lines: ['Dear Mrs Calloway,'] },
    {
      kind: 'paragraph',
      text: 'We have made an appointment for you to see Mr Idris Vaughan, consultant eye surgeon, on Tuesday 24 September 2024 at 10.40 in the morning. Please come to the reception desk on Level 2.',
    },
    {
      kind: 'paragraph',
      text: 'Your visit will take about two hours. We will put drops in your eyes which blur your sight for some time, so you must not drive home. Please bring your glasses and a list of your medicines.',
    },
    {
      kind: 'paragraph',
      text: 'If you cannot come on this day, ring us on 01632 960271 at least three days before so that we can give your place to another patient.',
    },
    { kind: 'lines', lines: ['Yours sincerely,'] },
    { kind: 'signature', width: 70 },
    { kind: 'lines', lines: ['Joan Petrie', 'Appointments Office'] },
  ],
  wear: [
    { fade: 0.25 },
    { warp: { degrees: 2.6, around: 190 } },
    { blur: 0.7 },
    { tone: [40, 250] },
    { speckle: { perMegapixel: 60 } },
    { posterise: 16 },
  ],
};

const dischargeSummary = {
  name: 'discharge-summary',
  format: 'png',
  greys: 2,
  size: a4,
  dpi: 170,
  font: 'sans',
  fontSize: 13,
  margin: 60,
  blocks: [
    { kind: 'heading', text: 'Quillhaven General Hospital' },
    { kind: 'lines', lines: ['Discharge Summary - Ward 7, General Medicine'], bold: true },
    { kind: 'rule' },
    {
      kind: 'lines',
      lines: [
        'Patient: Ruth Ellery',
        'Hospital number: 5520831',
        'Admitted: 8 January 2025',
        'Discharged: 13 January 2025',
        'Consultant: Dr Owen Tarrant',
      ],
    },
    { kind: 'lines', lines: ['Diagnosis'], bold: true },
    { kind: 'paragraph', text: 'Pneumonia of the right lower lobe. Mild kidney injury, now resolved.' },
    { kind: 'lines', lines: ['Course in hospital'], bold: true },
    {
      kind: 'paragraph',
      text: 'Mrs Ellery came in with four days of fever, cough and shortness of breath. A chest film showed shadowing at the right base. She was given oxygen, fluids and intravenous antibiotics, and changed to tablets on the third day. Her creatinine fell from 142 to 88 before she went home.',
    },
    { kind: 'lines', lines: ['Medicines on discharge'], bold: true },
    {
      kind: 'lines',
      lines: [
        'Amoxicillin 500 mg three times daily for 4 days',
        'Paracetamol 1 g up to four times daily when needed',
        'Ramipril 5 mg stopped; please restart after a blood test',
      ],
    },
    { kind: 'lines', lines: ['Follow up'], bold: true },
    {
      kind: 'paragraph',
      text: 'Please repeat kidney function in one week. A further chest film has been booked here for six weeks from now.',
    },
    { kind: 'signature', width: 80 },
    { kind: 'lines', lines: ['Dr Priya Lindqvist, House Officer'] },
    { kind: 'footer', text: 'Page 1 of 1' },
  ],
  wear: [
    { warp: { degrees: -0.5 } },
    { blur: 0.9 },
    { fade: 0.3 },
    { noise: 34 },
    { threshold: 150 },
    { speckle: { perMegapixel: 150, largest: 1.6 } },
  ],
};

const copiedReply = {
  name: 'copied-reply',
  format: 'jpg',
  quality: 60,
  size: a5,
  dpi: 165,
  font: 'mono',
  fontSize: 10.5,
  leading: 1.65,
  margin: 44,
  blocks: [
    { kind: 'heading', text: 'DEPARTMENT OF RHEUMATOLOGY', size: 1.1 },
    { kind: 'lines', lines: ['Thornmere Infirmary'] },
    { kind: 'lines', lines: ['Typed 21 November 1996'] },
    { kind: 'lines', lines: ['Dear Dr Okafor,', 'Miss Wilma Stroud, aged 43'] },
    {
      kind: 'paragraph',
      text: 'I saw this lady in the clinic on Monday. She describes stiff and swollen hands, worse in the morning and lasting about an hour. Both wrists were tender and her grip was weak.',
    },
    {
      kind: 'paragraph',
      text: 'The sedimentation rate is 54 and the films of her hands show early erosions. I think she has rheumatoid arthritis and I have begun sulphasalazine, 500 mg daily, rising each week to 2 grams.',
    },
    {
      kind: 'paragraph',
      text: 'Kindly check her blood count every fortnight for the first three months. We shall see her again in the new year.',
    },
    { kind: 'signature', width: 75 },
    { kind: 'lines', lines: ['Dr Gwen Ashdown', 'Senior Registrar'] },
  ],
  wear: [
    { fade: 0.55 },
    { warp: { degrees: 0.8 } },
    { blur: 1 },
    { tone: [45, 238] },
    { edgeShadow: { depth: 0.8, reach: 40 } },
    { streaks: { count: 4, depth: 36 } },
    { speckle: { perMegapixel: 120 } },
    { noise: 6 },
  ],
};

export const letters = [referralLetter, appointmentLetter, dischargeSummary, copiedReply];
