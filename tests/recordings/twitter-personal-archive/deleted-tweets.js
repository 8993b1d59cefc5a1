window.YTD.deleted_tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1351100000000000003"
          ],
          "editableUntil": "2021-01-18T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "13"
      ],
      "favorite_count": "1",
      "id_str": "1351100000000000003",
      "truncated": false,
      "retweet_count": "2",
      "id": "1351100000000000003",
      "created_at": "Mon Jan 18 09:30:00 +0000 2021",
      "favorited": false,
      "full_text": "Said in anger",
      "lang": "en",
      "deleted_at": "2021-01-18T12:00:00.000Z"
    }
  }
]