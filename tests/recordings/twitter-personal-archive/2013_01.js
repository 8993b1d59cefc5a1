Grailbird.data.tweets_2013_01 = 
 [
  {
    "source": "web",
    "entities": {
      "user_mentions": [],
      "media": [],
      "hashtags": [],
      "urls": []
    },
    "geo": {},
    "id_str": "290000000000000001",
    "text": "Quillhost, in the old days",
    "id": 290000000000000001,
    "created_at": "2013-01-12 10:00:00 +0000",
    "user": {
      "name": "Ada",
      "screen_name": "invented_ada",
      "protected": false,
      "id_str": "9",
      "profile_image_url_https": "https://img.example/a.png",
      "id": 9,
      "verified": false
    }
  }
]