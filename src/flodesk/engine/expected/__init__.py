"""What a flow that is a test is expected to give: beside ``flow.py`` stands ``flow.expected.json``.

`forms` says how a value is written down, `comparing` what is different, `steady` which nodes give the same each time,
`files` how the file is read and written, `judging` runs a flow and names the first node that differs.
"""
