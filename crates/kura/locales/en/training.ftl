training = Training

training-explained = Take the courses that your role asks for: read, then answer the questions.

training-own = Your courses

training-others = Other courses

training-none = No course is asked of you.

training-opens = needed to use material of class Secret or above

training-questions = Questions

training-asked = { $right } right answers out of { $asked } complete the course, for { $months } months. You may try as often as you like.

training-standing = { $standing ->
    [open] not completed
    [lapsed] ended on { $day }
    [ending] ends soon, valid until { $day }
   *[valid] completed, valid until { $day }
}

read-the-lesson = Read the lesson: { $lesson }

attempt-title = Questions: { $course }

attempt-explained = There are { $asked } questions; { $right } right answers complete the course. Answer within a day.

attempt-passed = { $correct } of { $of } right. You completed the course; it is valid until { $day }.

attempt-failed = { $correct } of { $of } right; { $right } are needed. Read why, then try again.

answer-right = right

answer-yours = your answer

answer-others = Answer other questions

read-it-again = Read it again

back-to-the-course = Back to the course

training-shown = Who has taken which course

trained-of = { $count } of { $of } have completed every course asked of them

training-waits = Courses to take

what-courses-change = Courses that change
