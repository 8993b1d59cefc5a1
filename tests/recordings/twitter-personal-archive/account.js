window.YTD.account.part0 = [
  {
    "account": {
      "email": "ada@mail.example",
      "createdVia": "web",
      "username": "invented_ada",
      "accountId": "9",
      "createdAt": "2015-03-03T10:00:00.000Z",
      "accountDisplayName": "Ada"
    }
  }
]