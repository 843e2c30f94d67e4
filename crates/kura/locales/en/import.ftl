import-explained = Brings your firm's ledger of information assets into the register. Every row is checked first, then all come in together. If anything is wrong, nothing is imported.

import-read = Read

import-what = Columns that can be imported

import-about = { $count } rows, { $encoding }

import-good = All { $count } rows are good. Nothing has been imported yet.

import-wrong = Of { $count } rows, { $wrong } are wrong. Nothing was imported.

import-wrong-teach = Mend these cells in your table, save it and send it again. If a column or a word is mapped wrongly, mend that below and check again.

import-wrong-cells = Cells that are wrong

import-cell = Cell

import-column = Head

import-said = It says

import-why = Why

import-now = Put { $count } items into the register

import-columns = Columns

import-columns-teach = Guessed from the heads. Choose again where the guess is wrong.

import-none = Not used

import-words = What your firm calls classes

import-words-teach = The table uses these words. Choose the class that each means.

import-otherwise = Where a row says nothing

import-otherwise-teach = Used for rows without such a column or with an empty cell.

import-check = Check all rows

import-other = Send another table

import-first-rows = First rows

import-row = Row

row = row { $number }

imported = { $count } items are in the register.

imported-teach = Files themselves are not in Kura yet. Store them from the item's page: they are encrypted and get a version.
