import { describe, expect, it } from 'vitest';
import { findLoss } from '../../../src/tasks/translate/fidelity.js';

describe('findLoss', () => {
  it.each([
    ['Take 5 mg daily.', 'Tome 5 mg al día.'],
    ['Glucose 3.5 mmol/L', 'Glucosa 3,5 mmol/L'],
    ['1,000 ml over 8 hours', '1.000 ml en 8 horas'],
    ['Seen by Dr. Fenn at 8:30', 'Visto por el Dr. Fenn a las 8:30'],
    ['HbA1c 48, 5 μg', 'HbA1c 48, 5 µg'],
    ['BP 120/80 mmHg', 'PA 120/80 mmHg'],
    ['twice a day', '2 veces al día'],
    ['5 mg/day', '5 mg/día'],
    ['1,000 ml', '1\u202f000 ml'],
    ['5–10 mg, 1,5 ml', '5-10 mg, 1.5 ml'],
    ['Ring 01632 960271 before noon', 'Llame al 01632 960271 antes del mediodía'],
    ['Diagnosis: E11.9', 'Diagnóstico: E11.9'],
    ['seen at Quillhaven General Hospital', 'visto en el Hospital General de Quillhaven'],
    ['Patient: Nora Pell Date of birth: 1969', 'Paciente: Nora Pell Fecha de nacimiento: 1969'],
    ['Surname: FARROW First name: ANN', 'Apellido: FARROW Nombre: ANN'],
    ['an MRI of the knee', 'una RM de la rodilla'],
    ['General Practitioner', 'Médico de cabecera'],
  ])('finds none in %s → %s', (text, translation) => {
    expect(findLoss(text, translation)).toEqual({ amounts: [], names: [] });
  });

  it.each([
    ['Take 5 mg daily.', 'Tome 50 mg al día.', ['5 mg']],
    ['Take 5 mg daily.', 'Tome 5 g al día.', ['5 mg']],
    ['Take 5 mg, then 5 mg.', 'Tome 5 mg.', ['5 mg']],
    ['Take 2.5 ml', 'Tome 25 ml', ['2.5 ml']],
    ['on 12/03/2024', 'en 2024', ['12/03/2024']],
    ['98 %', '98', ['98 %']],
    ['7 mmol/L', '7 mmol/dL', ['7 mmol/L']],
  ])('misses the amount in %s → %s', (text, translation, amounts) => {
    expect(findLoss(text, translation).amounts).toEqual(amounts);
  });

  it.each([
    ['Call Dr. Smith.', 'Herrero de Dr. de la llamada.', ['Smith']],
    ['Vitamin B12 is low', 'La vitamina es baja', ['B12']],
    ['Dr Helen Marsh', 'Pantano de Helen del dr.', ['Marsh']],
    ['Patient: Edwin Sparrow', 'Paciente: Edwin Gorrión', ['Sparrow']],
    ['Seen by Ann Smith-Jones', 'Visto por Ann Herrero-Jones', ['Smith-Jones']],
    ['give WARFARIN today', 'dele anticoagulante hoy', ['WARFARIN']],
    ['I asked Rose Brown to help', 'Pedí ayuda a Rosa Marrón', ['Rose Brown']],
    ['ICD code I25.10', 'código I52.10', ['I25']],
    ['Write to a.fenn@clinic.test', 'Escriba a la clínica', ['a.fenn@clinic.test']],
  ])('misses the name in %s → %s', (text, translation, names) => {
    expect(findLoss(text, translation).names).toEqual(names);
  });
});
